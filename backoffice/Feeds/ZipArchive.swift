import CZip
import Foundation

/// Bounds on what is unpacked, against archives made to fill memory.
package struct ZipLimits: Hashable, Sendable {
    package var archiveBytes = 256 << 20
    package var entries = 1_000
    package var entryBytes = 1 << 30
    package var totalBytes = 2 << 30
    /// How many times larger an entry over a mebibyte may become; honest tables stay below 50.
    package var expansion = 250

    package init() {}
}

/// A zip file in memory, read and written through libzip.
///
/// Nothing that an archive says about itself is believed: sizes are counted while unpacking.
struct ZipArchive {
    private let bytes: [UInt8]
    private let name: String

    init(_ bytes: [UInt8], name: String) {
        self.bytes = bytes
        self.name = name
    }

    /// Every file of the archive by its name; folders are passed over.
    func readFiles(limits: ZipLimits) throws -> [String: [UInt8]] {
        guard bytes.count <= limits.archiveBytes else {
            throw FeedFileError.tooLarge(path: name, reason: "over \(limits.archiveBytes) bytes")
        }
        // libzip takes no bytes at all for an archive without entries.
        guard !bytes.isEmpty else { throw malformed("the file is empty") }
        return try bytes.withUnsafeBytes { buffer in
            var failure = zip_error_t()
            zip_error_init(&failure)
            defer { zip_error_fini(&failure) }
            guard
                let source = zip_source_buffer_create(
                    buffer.baseAddress, zip_uint64_t(buffer.count), 0, &failure)
            else { throw malformed(describe(&failure)) }
            guard let archive = zip_open_from_source(source, ZIP_RDONLY, &failure) else {
                zip_source_free(source)
                throw malformed(describe(&failure))
            }
            // Frees the source too; nothing was changed that would have to be written.
            defer { zip_discard(archive) }
            return try readFiles(of: archive, limits)
        }
    }

    private func readFiles(
        of archive: OpaquePointer, _ limits: ZipLimits
    ) throws -> [String: [UInt8]] {
        let count = zip_get_num_entries(archive, 0)
        guard count <= limits.entries else {
            throw FeedFileError.tooLarge(path: name, reason: "over \(limits.entries) entries")
        }
        var files: [String: [UInt8]] = [:]
        var remaining = limits.totalBytes
        for index in 0..<zip_uint64_t(max(0, count)) {
            var status = zip_stat_t()
            guard zip_stat_index(archive, index, 0, &status) == 0, let text = status.name,
                let file = String(validatingCString: text)
            else { throw malformed("entry \(index + 1) has no readable name") }
            if file.hasSuffix("/") { continue }
            guard status.encryption_method == ZIP_EM_NONE else {
                throw malformed("\(file) is encrypted")
            }
            let packed = Int(clamping: status.comp_size)
            let tightest = max(1 << 20, packed.multipliedReportingOverflow(by: limits.expansion).0)
            let content = try read(
                file, at: index, of: archive,
                limit: min(limits.entryBytes, remaining, tightest))
            remaining -= content.count
            guard files.updateValue(content, forKey: file) == nil else {
                throw malformed("\(file) appears more than once")
            }
        }
        return files
    }

    private func read(
        _ file: String, at index: zip_uint64_t, of archive: OpaquePointer, limit: Int
    ) throws -> [UInt8] {
        guard let stream = zip_fopen_index(archive, index, 0) else {
            throw malformed("\(file) cannot be unpacked")
        }
        defer { zip_fclose(stream) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let read = zip_fread(stream, &chunk, zip_uint64_t(chunk.count))
            if read == 0 { return content }
            guard read > 0 else { throw malformed("\(file) is damaged") }
            guard content.count + Int(read) <= limit else {
                throw FeedFileError.tooLarge(
                    path: name, reason: "\(file) unpacks to more than any honest table would")
            }
            content.append(contentsOf: chunk[..<Int(read)])
        }
    }

    private func malformed(_ reason: String) -> FeedFileError {
        .malformedArchive(path: name, reason: reason)
    }

    private func describe(_ failure: inout zip_error_t) -> String {
        zip_error_strerror(&failure).map { String(cString: $0) } ?? "not a zip file"
    }
}

extension ZipArchive {
    /// Packs files into a new archive, sorted by name.
    static func make(of files: [String: [UInt8]], name: String) throws -> [UInt8] {
        func failed(_ step: String) -> FeedFileError {
            .malformedArchive(path: name, reason: "the archive could not be \(step)")
        }
        var failure = zip_error_t()
        zip_error_init(&failure)
        defer { zip_error_fini(&failure) }
        guard let target = zip_source_buffer_create(nil, 0, 0, &failure) else {
            throw failed("begun")
        }
        // Kept beyond the archive's life, to read back what closing wrote.
        zip_source_keep(target)
        defer { zip_source_free(target) }
        guard let archive = zip_open_from_source(target, ZIP_TRUNCATE, &failure) else {
            zip_source_free(target)
            throw failed("begun")
        }
        var isOpen = true
        defer { if isOpen { zip_discard(archive) } }
        for (file, content) in files.sorted(by: { $0.key < $1.key }) {
            guard let source = ownedSource(of: content, in: archive) else { throw failed("filled") }
            guard zip_file_add(archive, file, source, ZIP_FL_ENC_UTF_8) >= 0 else {
                zip_source_free(source)
                throw failed("filled")
            }
        }
        guard zip_close(archive) == 0 else { throw failed("written") }
        isOpen = false
        return try readBack(target) ?? { throw failed("read back") }()
    }

    /// A source with a copy of the bytes that libzip frees, since it reads them only when closing.
    private static func ownedSource(
        of content: [UInt8], in archive: OpaquePointer
    ) -> OpaquePointer? {
        guard let copy = malloc(max(1, content.count)) else { return nil }
        content.withUnsafeBytes { bytes in
            if let start = bytes.baseAddress {
                copy.copyMemory(from: start, byteCount: bytes.count)
            }
        }
        guard let source = zip_source_buffer(archive, copy, zip_uint64_t(content.count), 1) else {
            free(copy)
            return nil
        }
        return source
    }

    private static func readBack(_ source: OpaquePointer) throws -> [UInt8]? {
        guard zip_source_open(source) == 0 else { return nil }
        defer { zip_source_close(source) }
        guard zip_source_seek(source, 0, SEEK_END) == 0 else { return nil }
        let size = zip_source_tell(source)
        guard size >= 0, zip_source_seek(source, 0, SEEK_SET) == 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: Int(size))
        guard zip_source_read(source, &bytes, zip_uint64_t(size)) == size else { return nil }
        return bytes
    }
}
