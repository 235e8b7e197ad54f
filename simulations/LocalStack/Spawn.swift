import Foundation
import Synchronization

/// `posix_spawn` with what every child of ours needs: a session of its own (a Ctrl-C at the
/// terminal reaches us alone, and we end the others in order), default signals, and no descriptor
/// but those named.
enum Spawn {
    /// POSIX_SPAWN_SETSID of <spawn.h>, which Swift sees only without the GNU extensions.
    private static let newSession: Int32 = 0x80

    private typealias AddCloseFrom =
        @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32
    /// posix_spawn_file_actions_addclosefrom_np of <spawn.h>, glibc 2.34 and later, which Swift
    /// does not see either.
    private static let addCloseFrom = unsafeBitCast(
        dlsym(UnsafeMutableRawPointer(bitPattern: 0), "posix_spawn_file_actions_addclosefrom_np"),
        to: AddCloseFrom?.self)

    /// Descriptors that every child of this process shall hold besides its own.
    private static let heirlooms = Mutex<Set<Int32>>([])

    /// From now on every child holds a copy of the descriptor, until it is disowned.
    static func bequeath(_ descriptor: Int32) {
        heirlooms.withLock { _ = $0.insert(descriptor) }
    }

    static func disown(_ descriptor: Int32) {
        heirlooms.withLock { _ = $0.remove(descriptor) }
    }

    /// - Parameter descriptors: Ours, by the number that the child shall know them by.
    static func start(
        _ arguments: [String], environment: [String: String],
        descriptors: [(child: Int32, ours: Int32)]
    ) throws(SystemFailure) -> pid_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var every = sigset_t()
        sigfillset(&every)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &every)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(
            &attributes,
            Int16(newSession | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // First out of the way of the numbers they shall get, so that none overwrites another.
        let aside: Int32 = 1_000
        let own = max(STDERR_FILENO, descriptors.map(\.child).max() ?? 0)
        let inherited = heirlooms.withLock { $0.sorted() }
        let descriptors = descriptors + zip((own + 1)..., inherited).map { (child: $0, ours: $1) }
        for (index, descriptor) in descriptors.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor.ours, aside + Int32(index))
        }
        for (index, descriptor) in descriptors.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, aside + Int32(index), descriptor.child)
        }
        // Not every library marks its sockets as not to be inherited, and a server's listening
        // socket that lives on in a child keeps its port taken for as long as the child lives.
        _ = addCloseFrom?(&actions, own + Int32(inherited.count) + 1)

        var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] =
            environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer {
            for text in argv { free(text) }
            for text in envp { free(text) }
        }
        var child = pid_t()
        let code = posix_spawn(&child, arguments[0], &actions, &attributes, &argv, &envp)
        guard code == 0 else { throw SystemFailure("start \(arguments[0])", code: code) }
        return child
    }

    /// Two connected ends that no other child inherits; `ours` first.
    static func channel() throws(SystemFailure) -> (ours: Int32, theirs: Int32) {
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else {
            throw SystemFailure("make a socket pair")
        }
        return (ends[0], ends[1])
    }

    /// Writes a line; false when nobody reads any more. Never raises SIGPIPE.
    @discardableResult
    static func send(_ line: String, to descriptor: Int32) -> Bool {
        var bytes = Array((line + "\n").utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            bytes = bytes.dropFirst(count)
        }
        return true
    }
}
