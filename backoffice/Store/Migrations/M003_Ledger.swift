extension Migration {
    /// The general ledger. Entries are only added; an entry balances per currency (the ledger's
    /// type refuses any other, and `LedgerStore.books()` counts the exceptions).
    static let ledger = Migration(
        name: "003_ledger",
        script: """
            create table journal_entry (
                journal_entry_id uuid primary key,
                accounting_date date not null,
                kind text not null,
                description text not null,
                posted_at timestamptz not null
            );
            create index journal_entry_by_date on journal_entry (accounting_date);

            create table posting (
                journal_entry_id uuid not null references journal_entry,
                posting_number integer not null check (posting_number >= 1),
                account text not null,
                amount_minor bigint not null check (amount_minor <> 0),
                currency text not null,
                primary key (journal_entry_id, posting_number)
            );
            create index posting_by_account on posting (account);

            create table ledger_batch (
                batch_number bigint primary key check (batch_number >= 1),
                journal_entry_id uuid not null unique references journal_entry,
                entry_count bigint not null check (entry_count >= 1)
            );
            """)
}
