import Foundation
import Testing

@testable import VMap
@testable import VMapTestSupport

/// Arrays in files that are no good ones, or become it.
@Suite(.timeLimit(.minutes(2))) final class FileTests {
  private let folder: URL

  init() throws { folder = URL(filePath: try PrivateDirectoryForTests.make()) }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private func path(_ name: String) -> String { folder.appending(path: name).path }

  private func file(_ count: Int) throws -> String {
    let path = path("\(UUID().uuidString).npy")
    try Tensor<Int32>((0..<count).map(Int32.init)).write(toNPY: path)
    return path
  }

  @Test func aFileThatShrinksIsTold() throws {
    let path = try file(100_000)
    var input = try InputFile(path)
    #expect(truncate(path, 300_000) == 0)
    let error = #expect(throws: VMapError.self) { _ = try AnyTensor(npy: &input) }
    #expect(error?.kind == .parse)
    #expect(
      error?.message.contains("the file was truncated while it was read: 100000 elements") == true)
  }

  @Test func whatNeverEndsIsNotRead() throws {
    let pipe = path("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    expectError(.invalidArgument, naming: pipe, "it is a pipe, expected a regular file") {
      try AnyTensor(contentsOfNPY: pipe)
    }
    expectError(.invalidArgument, naming: "/dev/zero", "it is a device") {
      try AnyTensor(contentsOfNPY: "/dev/zero")
    }
    expectError(.invalidArgument, naming: "no zero bytes", "a\\u{0}.npy") {
      try AnyTensor(contentsOfNPY: "a\0.npy")
    }
    expectError(.invalidArgument, naming: "no zero bytes", "a\\u{0}.npy") {
      try Tensor<Float>(1).write(toNPY: "a\0.npy")
    }
    expectError(.sizeOverflow, naming: "more than the 1000 bytes") {
      try File.read(file(1000), limit: 1000)
    }
    expectError(.parse, naming: "the header has 2097152 bytes, more than") {
      let start = [0x93] + Array("NUMPY".utf8) + [2, 0, 0, 0, 32, 0]
      return try Tensor<Float>(npy: start + [UInt8](repeating: 32, count: 1 << 21))
    }
  }

  /// A descriptor of the process is its own input, whatever is behind it.
  @Test func givenPipesAreRead() throws {
    let pipe = Pipe()
    try pipe.fileHandleForWriting.write(contentsOf: Data(Tensor<Int16>([1, -2]).npyBytes()))
    try pipe.fileHandleForWriting.close()
    let descriptor = pipe.fileHandleForReading.fileDescriptor
    let tensor = try Tensor<Int16>(contentsOfNPY: "/dev/fd/\(descriptor)")
    #expect(try tensor.scalars() == [1, -2])
  }

  @Test func aFileIsReplacedWholeOrNotAtAll() async throws {
    let path = try file(10)
    await #expect(processExitsWith: .success) { [path = path as String] in
      // The limit stands for a disk that is full.
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 4096, rlim_max: 4096)
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      expectError(.invalidArgument, naming: "cannot write \(path): File too large") {
        try Tensor<Int32>([Int32](repeating: 7, count: 10_000)).write(toNPY: path)
      }
    }
    #expect(try Tensor<Int32>(contentsOfNPY: path).scalars() == (0..<10).map(Int32.init))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 1)
  }

  @Test func linksAndRightsStay() throws {
    let (target, link) = (try file(3), path("link.npy"))
    #expect(symlink(target, link) == 0 && chmod(target, 0o640) == 0)
    try Tensor<Int32>([5]).write(toNPY: link)
    #expect(try Tensor<Int32>(contentsOfNPY: target).scalars() == [5])
    var status = stat()
    #expect(lstat(link, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    #expect(stat(target, &status) == 0 && status.st_mode & 0o777 == 0o640)
  }

  /// Files with changes in them are read or refused.
  @Test func changedFiles() throws {
    var random = SplitMix(state: 1)
    let bytes = try Tensor<Float>([[1, 2, 3], [4, 5, 6]]).npyBytes()
    var read = 0
    for _ in 0..<2000 {
      var changed = bytes
      for _ in 0..<Int.random(in: 1...3, using: &random) where changed.count > 4 {
        let place = Int.random(in: 0..<min(changed.count, 80), using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: changed.removeSubrange(place...)
        case 1: changed.remove(at: place)
        case 2: changed.insert(UInt8(ascii: "9"), at: place)
        default: changed[place] = UInt8.random(in: .min ... .max, using: &random)
        }
      }
      do throws(VMapError) {
        _ = try Tensor<Float>(npy: changed)
        read += 1
      } catch {
        #expect(error.message.contains("npy"))
      }
    }
    #expect(read > 20)
  }
}
