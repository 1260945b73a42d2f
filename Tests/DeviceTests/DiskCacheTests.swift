import Glibc
import Testing

@testable import Device

@Suite struct DiskCacheTests {
  let directory: TemporaryDirectory
  let source = testSource + "\n// on disk"

  init() throws { directory = try TemporaryDirectory() }

  private func makeCachingContext(_ faults: FaultyDriver? = nil) throws -> Context {
    let path = directory.path
    return try makeContext(faults) { $0.cacheDirectory = path }
  }

  /// Builds the program, writes its binary and gives the file's path.
  private func fill() throws -> String {
    let context = try makeCachingContext()
    _ = try context.makeProgram(source: source)
    context.flushPrograms()
    #expect(context.counters.programsSaved == 1)
    #expect(directory.names.count == 1)
    return try #require(directory.names.first.map { "\(directory.path)/\($0)" })
  }

  /// Whether a new context takes the program from disk; it must work in either case.
  private func loads() throws -> Bool {
    let context = try makeCachingContext()
    let kernel = try context.makeProgram(source: source).kernel("scale")
    let data = try context.makeBuffer([Float](repeating: 3, count: 64))
    try context.launch(
      kernel, [.buffer(data), .buffer(data), .float(2), .int32(64)], global: [64], local: [64],
      placement: .immediate)
    #expect(try data.values(as: Float.self) == [Float](repeating: 6, count: 64))
    context.flushPrograms()
    let counters = context.counters
    #expect(counters.programsBuilt + counters.programsLoaded == 1)
    return counters.programsLoaded == 1
  }

  /// Background work starts with a launch.
  private func launchOnce(_ context: Context, _ kernel: Kernel) throws {
    let data = try context.makeBuffer([Float](repeating: 3, count: 64))
    try context.launch(
      kernel, [.buffer(data), .int32(1)], global: [64], local: [64], placement: .immediate)
  }

  private func overwrite(_ path: String, _ bytes: [UInt8]) throws {
    unlink(path)
    try #require(CacheFile.write(bytes, to: path, through: "\(path).tmp"))
  }

  @Test func aSecondContextLoadsWhatTheFirstBuilt() throws {
    let file = try fill()
    #expect(try loads())
    var status = stat()
    #expect(stat(file, &status) == 0 && status.st_mode & 0o777 == 0o600)
  }

  @Test(.enabled(if: CPU.isPair, "there is one device"))
  func bothDevicesOfAPairAreStored() throws {
    for turn in 0..<2 {
      let context = try makeCachingContext()
      let kernel = try context.makeProgram(source: source).kernel("spin")
      let data = try context.makeBuffer([Float](repeating: 3, count: 64))
      for placement in [Placement.immediate, .wide] {
        try context.launch(
          kernel, [.buffer(data), .int32(1)], global: [64], local: [64], placement: placement)
      }
      context.flushPrograms()
      #expect(context.counters.programsBuilt == (turn == 0 ? 2 : 0))
      #expect(context.counters.programsLoaded == (turn == 0 ? 0 : 2))
    }
    #expect(directory.names.count == 2)
  }

  @Test(.enabled(if: CPU.isPair, "there is one device"))
  func aWarmedKernelNeedsNoCompilerOnTheOtherDevice() throws {
    let context = try makeCachingContext()
    let kernel = try context.makeProgram(source: source).kernel("spin")
    context.warm(kernel, for: .wide)
    try launchOnce(context, kernel)
    for _ in 0..<1000 where context.counters.programsBuilt < 2 { usleep(10_000) }
    #expect(context.counters.programsBuilt == 2)
    let data = try context.makeBuffer([Float](repeating: 3, count: 64))
    try context.launch(
      kernel, [.buffer(data), .int32(1)], global: [64], local: [64], placement: .wide)
    #expect(context.counters.programsBuilt == 2)
  }

  @Test func theBinaryIsWrittenInTheBackgroundByItself() throws {
    let context = try makeCachingContext()
    try launchOnce(context, context.makeProgram(source: source).kernel("spin"))
    for _ in 0..<1000 where context.counters.programsSaved == 0 { usleep(10_000) }
    #expect(context.counters.programsSaved == 1)
  }

  @Test(arguments: [0, 8, 23, 24, 39, 40, 200, -1]) func aDamagedFileIsReplaced(at: Int) throws {
    let file = try fill()
    var bytes = try #require(CacheFile.read(file))
    bytes[at < 0 ? bytes.count + at : at] ^= 1
    try overwrite(file, bytes)
    #expect(try !loads())
    #expect(try loads())
  }

  @Test(arguments: [0, 1, 30, 60, 5000]) func aTruncatedFileIsReplaced(count: Int) throws {
    let file = try fill()
    let bytes = try #require(CacheFile.read(file))
    try overwrite(file, Array(bytes.prefix(count)))
    #expect(try !loads())
    #expect(try loads())
  }

  @Test(.timeLimit(.minutes(1))) func aPipeInPlaceOfAFileIsReplaced() throws {
    let file = try fill()
    unlink(file)
    #expect(mkfifo(file, 0o600) == 0)
    #expect(try !loads())
    #expect(try loads())
  }

  @Test func aFileOfAnotherKeyIsNotUsed() throws {
    let file = try fill()
    try overwrite(file, CacheFile.encode(key: Array("another".utf8), binary: [1, 2, 3]))
    #expect(try !loads())
  }

  @Test(arguments: ["clCreateProgramWithBinary", "clBuildProgram"])
  func aBinaryThatTheDriverRefusesIsReplaced(call: String) throws {
    _ = try fill()
    let faults = FaultyDriver()
    faults.fail(call, -42, times: 1)
    let context = try makeCachingContext(faults)
    _ = try context.makeProgram(source: source)
    #expect(context.counters.programsBuilt == 1 && context.counters.programsLoaded == 0)
    context.flushPrograms()
    #expect(try loads())
  }

  @Test func aFileThatOthersCanWriteIsNotRead() throws {
    let file = try fill()
    chmod(file, 0o620)
    #expect(CacheFile.read(file) == nil)
    #expect(try !loads())
  }

  @Test(arguments: [mode_t(0o770), 0o707, 0o722]) func aDirectoryThatOthersCanWriteIsNotUsed(
    mode: mode_t
  ) throws {
    chmod(directory.path, mode)
    let context = try makeCachingContext()
    #expect(context.cacheDirectory == nil)
    _ = try context.makeProgram(source: source)
    context.flushPrograms()
    #expect(directory.names.isEmpty)
  }

  @Test func onlyAPathToADirectoryOfOnesOwnIsUsed() throws {
    let other = try TemporaryDirectory()
    let link = "\(directory.path)/link"
    #expect(symlink(other.path, link) == 0)
    #expect(PrivateDirectory(creating: link) == nil)
    #expect(PrivateDirectory(creating: "relative") == nil)
    #expect(PrivateDirectory(creating: "/proc/nowhere") == nil)
    let made = "\(directory.path)/a/b"
    #expect(PrivateDirectory(creating: made)?.path == made)
  }

  @Test func theDirectoryStaysBelowItsLimit() throws {
    let cache = try #require(DiskCache(directory: directory.path, byteLimit: 10_000))
    let device = try makeContext().deviceDescription
    for index in 0..<8 {
      let key = CacheKey(source: "source \(index)", options: "", device: device)
      #expect(cache.store([UInt8](repeating: 1, count: 2000), for: key))
      // Files are ordered by the second of their last use.
      let time = timespec(tv_sec: index * 10, tv_nsec: 0)
      utimensat(AT_FDCWD, "\(directory.path)/\(key.fileName)", [time, time], 0)
    }
    #expect((2...4).contains(directory.names.count))
    let newest = CacheKey(source: "source 7", options: "", device: device)
    let oldest = CacheKey(source: "source 0", options: "", device: device)
    #expect(cache.load(newest)?.count == 2000)
    #expect(cache.load(oldest) == nil)
    #expect(!cache.store([UInt8](repeating: 1, count: 20_000), for: oldest))
  }

  @Test func trimmingTouchesNothingThatTheCacheDidNotMake() throws {
    let other = "\(directory.path)/notes.txt"
    try overwrite(other, [UInt8](repeating: 1, count: 20_000))
    let cache = try #require(DiskCache(directory: directory.path, byteLimit: 3000))
    let device = try makeContext().deviceDescription
    for index in 0..<4 {
      let key = CacheKey(source: "source \(index)", options: "", device: device)
      #expect(cache.store([UInt8](repeating: 1, count: 1000), for: key))
    }
    #expect(access(other, F_OK) == 0)
  }

  @Test func keysDifferInEverythingThatMatters() throws {
    let device = try makeContext().deviceDescription
    let names = [("a", "b"), ("ab", ""), ("", "ab"), ("b", "a")].map {
      CacheKey(source: $0.0, options: $0.1, device: device).fileName
    }
    #expect(Set(names).count == names.count)
    #expect(names[0] == CacheKey(source: "a", options: "b", device: device).fileName)
  }

  @Test(arguments: [
    ("", "6c62272e07bb014262b821756295c58d"), ("a", "d228cb696f1a8caf78912b704e4a8964"),
    ("foobar", "343e1662793c64bf6f0d3597ba446f18"),
  ]) func fingerprintsAreThoseOfFNV(text: String, digest: String) {
    #expect(Fingerprint(of: Array(text.utf8)).hexadecimal == digest)
  }
}
