#!/usr/bin/env python3
"""Says in the last lines what a test run did: counts, failures, and what was skipped and why.

Reads a folder of event streams that `swift test --event-stream-output-path` writes: JSON Lines, a
record for each test of the plan and for each event.
"""
import argparse
import glob
import json
import re
import sys


def read_records(folder):
    for path in sorted(glob.glob(f"{folder}/*")):
        with open(path, encoding="utf-8") as stream:
            for line in stream:
                try:
                    yield json.loads(line)
                except ValueError:
                    pass  # The last line of a run that was killed.


def title(test):
    room = test["id"].split(".")[0]
    return f'{room}: {test.get("displayName") or test["name"]}'


def reason(messages):
    """The part of `Test "…" skipped: "reason"` that a person wants."""
    text = " ".join(message["text"] for message in messages)
    found = re.search(r'(?:skipped|cancelled after [\d.]+ seconds): "(.*)"$', text, re.S)
    return found.group(1) if found else "no reason given"


def collect(records):
    """Outcomes of functions, their titles, skip reasons and what failed, by test id."""
    functions, suites, outcome, reasons, issues = {}, {}, {}, {}, {}
    for record in records:
        payload = record["payload"]
        if record["kind"] == "test":
            (functions if payload["kind"] == "function" else suites)[payload["id"]] = payload
            continue
        test, kind = payload.get("testID"), payload["kind"]
        messages = payload.get("messages", [])
        symbols = {message["symbol"] for message in messages}
        if kind == "issueRecorded":
            text = " ".join(message["text"] for message in messages)
            issues.setdefault(test, []).append(text)
        if kind == "testSkipped" or (kind == "testEnded" and "skip" in symbols):
            outcome[test] = "skipped"
            reasons[test] = reason(messages)
        elif kind == "testEnded":
            outcome[test] = "failed" if "fail" in symbols else "passed"
    for test in functions:
        if test in outcome:
            continue
        parent = next(
            (s for s in suites if outcome.get(s) == "skipped" and test.startswith(s + "/")), None)
        outcome[test] = "skipped" if parent else "unfinished"
        reasons[test] = reasons.get(parent, "")
    return functions, outcome, reasons, issues


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("events")
    parser.add_argument("--seconds", type=int, required=True)
    for check in ("form", "build", "run"):
        parser.add_argument(f"--{check}", type=int, required=True)
    arguments = parser.parse_args()

    functions, outcome, reasons, issues = collect(read_records(arguments.events))
    by_outcome = {name: [] for name in ("passed", "failed", "skipped", "unfinished")}
    for test in sorted(functions):
        by_outcome[outcome[test]].append(test)
    rooms = {test.split(".")[0] for test in functions}

    print()
    verdict = lambda status: "passed" if status == 0 else "FAILED"
    print(f"Ran in {arguments.seconds // 60} min {arguments.seconds % 60} s:")
    print(f"  form check: {verdict(arguments.form)}")
    print(f"  build, warnings and undeclared imports as errors: {verdict(arguments.build)}")
    if arguments.build == 0:
        print(f"  {len(functions)} tests of {len(rooms)} test rooms: {verdict(arguments.run)}")
    else:
        print("  tests: not run, the build failed")
    for test in by_outcome["failed"]:
        print(f"Failed: {title(functions[test])}")
        for text in issues.get(test, [])[:3]:
            print("\n".join(f"  {line[:300]}" for line in text.splitlines()[:60]))
    for test in by_outcome["unfinished"]:
        print(f"Did not finish: {title(functions[test])}")
    for test in by_outcome["skipped"]:
        print(f"Skipped: {title(functions[test])}: {reasons[test]}")

    failed = len(by_outcome["failed"]) + len(by_outcome["unfinished"])
    failed += (arguments.form != 0) + (arguments.build != 0)
    if arguments.build == 0 and arguments.run != 0 and failed == 0:
        failed = 1  # The runner itself failed, after a crash for instance.
    if arguments.build == 0 and not functions:
        print("No test ran.")
        failed = max(failed, 1)
    print(f'{len(by_outcome["passed"])} passed, {failed} failed, '
          f'{len(by_outcome["skipped"])} skipped')
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
