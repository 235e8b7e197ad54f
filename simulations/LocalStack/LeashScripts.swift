/// The two shell scripts behind ``Leash``. They use POSIX sh and /proc only, so that they run on
/// any Linux before anything is built.
enum LeashScripts {
    /// Waits for the word to go, then becomes the program: same process number, no trace left.
    /// When we die before the word, it reads the end of file and ends.
    ///
    /// Arguments: the folder to work in, the program, the program's arguments.
    static let launcher = """
        read -r go <&3 || exit 126
        exec 3<&-
        cd -- "$1" || exit 126
        shift
        exec "$@"
        """

    /// Holds the other end of a socket. Its end of file means that we are gone, however we went.
    ///
    /// Arguments: the signal to ask with, tenths of a second to wait before killing, and what to
    /// remove at the end. Input: the process to guard, then a line when it has ended.
    static let watcher = """
        cd /
        soft=$1 grace=$2
        shift 2
        birth() {
            stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
            set -- ${stat##*) }
            [ "$1" != Z ] && echo "${20}"
        }
        tree() {
            for child in $(cat "/proc/$1"/task/*/children 2>/dev/null); do
                born=$(birth "$child") && echo "$child:$born"
                tree "$child"
            done
        }
        finish() {
            tries=100
            # Another watcher's process may still be writing there; its end is near.
            while [ $# != 0 ] && ! rm -rf -- "$@" && [ "$tries" -gt 0 ]; do
                sleep 0.1
                tries=$((tries - 1))
            done
            exit 0
        }
        read -r leader || finish "$@"
        if [ "$leader" = none ]; then
            read -r farewell
            finish "$@"
        fi
        read -r farewell && finish "$@"
        born=$(birth "$leader")
        members="$leader:$born $(tree "$leader")"
        kill -s "$soft" "$leader" 2>/dev/null
        while [ "$grace" -gt 0 ] && birth "$leader" >/dev/null; do
            sleep 0.1
            grace=$((grace - 1))
        done
        members="$members $(tree "$leader")"
        kill -s KILL -- "-$leader" 2>/dev/null
        for member in $members; do
            if [ "$(birth "${member%:*}")" = "${member#*:}" ]; then
                kill -s KILL "${member%:*}" 2>/dev/null
            fi
        done
        finish "$@"
        """
}
