import Glibc
import Testing

@testable import Device

/// Directories that cannot be used, each in a process of its own.
@Suite struct CacheDirectoryTests {
  private static let variables = [
    "HOME", "XDG_CACHE_HOME", "POCL_CACHE_DIR", "VMAP_CACHE_DIR", "VMAP_CACHE", "POCL_DEVICES",
  ]

  @Test(arguments: [
    ("HOME", "/dev/null"), ("XDG_CACHE_HOME", "/proc"), ("POCL_CACHE_DIR", "/proc/nowhere"),
    ("VMAP_CACHE_DIR", "/proc/nowhere"),
  ])
  func whatCannotBeWrittenIsReplaced(variable: String, value: String) async throws {
    let directory = try TemporaryDirectory()
    await #expect(processExitsWith: .success) {
      [path = directory.path as String, variable = variable as String, value = value as String] in
      for name in CacheDirectoryTests.variables { unsetenv(name) }
      setenv("TMPDIR", path, 1)
      setenv(variable, value, 1)
      let errors = "\(path)/errors"
      dup2(open(errors, O_WRONLY | O_CREAT, 0o600), 2)
      let context = try Context(device: "cpu")
      _ = try context.makeProgram(source: testSource).kernel("scale")
      let user = geteuid()
      #expect(ProcessEnvironment.value("POCL_CACHE_DIR") == "\(path)/vmap-pocl-\(user)")
      // PoCL keeps its code itself.
      let isOwn = variable == "VMAP_CACHE_DIR"
      let replacement = "\(path)/\(isOwn ? "vmap-cache" : "vmap-pocl")-\(user)"
      #expect(context.cacheDirectory == (isOwn ? replacement : nil))
      let told = try #require(CacheFile.read(errors))
      let lines = String(decoding: told, as: UTF8.self).split(separator: "\n")
      #expect(lines.count == 1)
      #expect(lines.first?.hasPrefix("vmap: \(value)") == true)
      #expect(lines.first?.contains("is kept in \(replacement)") == true)
    }
  }

  /// Where the usual name is taken, a process has a directory that goes with it, and clears away what
  /// killed ones left a day ago.
  @Test func ownDirectoriesDoNotStay() async throws {
    let directory = try TemporaryDirectory()
    let user = geteuid()
    let taken = "vmap-pocl-\(user)"
    #expect(symlink("/nowhere", "\(directory.path)/\(taken)") == 0)
    let names = ["99999999", "99999998", "\(getpid())"].map { "\(taken)-\($0)-aaaaaa" }
    for (number, name) in names.enumerated() {
      let path = "\(directory.path)/\(name)"
      #expect(mkdir(path, 0o700) == 0 && mkdir("\(path)/inside", 0o700) == 0)
      let time = timespec(tv_sec: number == 1 ? Glibc.time(nil) : 1000, tv_nsec: 0)
      utimensat(AT_FDCWD, path, [time, time], 0)
    }
    await #expect(processExitsWith: .success) { [path = directory.path as String] in
      let own = try #require(ReplacementDirectory.make("vmap-pocl", in: [path]))
      #expect(own.hasPrefix("\(path)/vmap-pocl-\(geteuid())-\(getpid())-"))
      #expect(mkdir("\(own)/inside", 0o700) == 0)
    }
    #expect(directory.names == ([taken] + names.dropFirst()).sorted())
  }

  @Test(.enabled(if: CPU.isPoCL, "it is about PoCL's files"))
  func poclsProbesDoNotStay() async throws {
    let directory = try TemporaryDirectory()
    await #expect(processExitsWith: .success) { [path = directory.path as String] in
      setenv("POCL_CACHE_DIR", path, 1)
      let devices = try Context.devices()
      #expect(!devices.isEmpty)
    }
    #expect(directory.names.filter { $0.hasPrefix("tempfile_") }.isEmpty)
  }

  @Test func anEmptyNameIsNone() async {
    await #expect(processExitsWith: .success) {
      setenv("POCL_CACHE_DIR", "", 1)
      _ = try Context().makeProgram(source: testSource)
    }
  }

  @Test(.enabled(if: CPU.isPoCL, "it is about PoCL's devices"))
  func withoutADeviceItIsSaidWhatIsThere() async {
    await #expect(processExitsWith: .success) {
      setenv("POCL_DEVICES", "nonsense", 1)
      let message = deviceError { try Context.devices() }?.message ?? ""
      for words in ["Portable Computing Language", "PoCL is there", "\"nonsense\""] {
        #expect(message.contains(words), "\(message)")
      }
      #expect(!message.contains("apt-get"))
    }
  }

  @Test func aDirectoryWithoutRoomIsTold() {
    #expect(WritableDirectory.problem(creating: "/dev/null/x")?.contains("Not a directory") == true)
    #expect(WritableDirectory.problem(creating: "/tmp") == nil)
  }
}
