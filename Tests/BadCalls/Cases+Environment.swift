import Device
import Glibc
import VMap

// Files that are no `.npy` files, and environments without the device asked for.

extension CaseList {
  mutating func addFiles() {
    /// A file of version 1 with a header and bytes after it.
    @Sendable func file(_ header: String, _ count: Int = 8, version: UInt8 = 1) -> [UInt8] {
      let size = UInt16(header.utf8.count)
      return [0x93] + Array("NUMPY".utf8) + [version, 0, UInt8(size & 255), UInt8(size >> 8)]
        + Array(header.utf8) + [UInt8](repeating: 0, count: count)
    }
    @Sendable func header(_ type: String, _ shape: String) -> String {
      "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }"
    }
    func add(_ name: String, _ kind: VMapError.Kind, _ words: String, _ bytes: [UInt8]) {
      fails("npy.\(name)", kind, "npy", words) { _ = try F(npy: bytes) }
    }
    let good = file(header("<f4", "(2,)"))
    add("empty", .parse, "no .npy file", [])
    add("text", .parse, "no .npy file", Array("1.0 2.0 3.0 4.0".utf8))
    add("magic-alone", .parse, "truncated", Array(good.prefix(8)))
    add("version", .parse, "version 9", file(header("<f4", "(2,)"), version: 9))
    add("version-zero", .parse, "version 0", file(header("<f4", "(2,)"), version: 0))
    add("truncated-length", .parse, "truncated", [0x93] + Array("NUMPY".utf8) + [2, 0, 1, 0])
    add("truncated-header", .parse, "truncated", Array(good.prefix(30)))
    add("truncated-data", .parse, "truncated", Array(good.dropLast()))
    add(
      "huge-header", .parse, "truncated", [0x93] + Array("NUMPY".utf8) + [2, 0, 255, 255, 255, 255])
    add("no-dictionary", .parse, "malformed", file("[1, 2]"))
    add("empty-header", .parse, "malformed", file("", 0))
    add("empty-dictionary", .parse, "should have", file("{}"))
    add("missing-shape", .parse, "should have", file("{'descr': '<f4', 'fortran_order': False}"))
    add("shape-is-text", .parse, "should have", file(header("<f4", "'2'")))
    add("open-text", .parse, "malformed", file("{'descr"))
    add("open-dictionary", .parse, "malformed", file("{'descr': '<f4'"))
    add("open-tuple", .parse, "malformed", file("{'shape': (2"))
    add("bare-word", .parse, "malformed", file("{'fortran_order': Maybe}"))
    add("number-key", .parse, "malformed", file("{(1,): True}"))
    add("negative-size", .parse, "malformed", file(header("<f4", "(-2,)")))
    add("size-beyond-int", .parse, "malformed", file(header("<f4", "(99999999999999999999,)")))
    add("structured", .parse, "malformed", file("{'descr': [('a', '<f4')], 'shape': (2,)}"))
    add("no-utf8", .parse, "malformed", file("{").dropLast(8) + [0xff, 0xfe, 0, 0, 0, 0, 0, 0])
    add("complex", .typeMismatch, "c64, not f32", file(header("<c8", "(1,)")))
    add("long-double", .typeMismatch, "<f16", file(header("<f16", "(4,)")))
    add("half", .typeMismatch, "f16", file(header("<f2", "(0,)")))
    add("bfloat16", .typeMismatch, "bfloat16", file(header("<V2", "(4,)")))
    add("object", .typeMismatch, "|O", file(header("|O", "(1,)")))
    add("no-type", .typeMismatch, "\"\"", file(header("", "(1,)")))
    add("double", .typeMismatch, "f64, not f32", file(header("<f8", "(1,)")))
    add("integer", .typeMismatch, "i32, not f32", file(header("<i4", "(2,)")))
    add("greatest-size", .parse, "truncated", file(header("<f4", "(\(Int.max),)")))
    add("overflow", .sizeOverflow, "elements", file(header("<f4", "(\(Int.max), 2)")))
    add("empty-and-huge", .sizeOverflow, "elements", file(header("<f4", "(0, \(Int.max), 2)")))
    fails("npy.missing-file", .invalidArgument, "/nonexistent.npy", "No such file") {
      _ = try F(contentsOfNPY: "/nonexistent.npy")
    }
    fails("npy.directory", .invalidArgument, "cannot read /", "directory") {
      _ = try F(contentsOfNPY: "/")
    }
    fails("npy.no-path", .invalidArgument, "No such file") { _ = try F(contentsOfNPY: "") }
    fails("npy.other-file", .parse, "/proc/self/status", "no .npy file") {
      _ = try F(contentsOfNPY: "/proc/self/status")
    }
    fails("npy.write-nowhere", .invalidArgument, "cannot write /nonexistent/x.npy") {
      try ones(3).write(toNPY: "/nonexistent/x.npy")
    }
    fails("npy.write-full-disk", .invalidArgument, "/dev/full", "No space") {
      try ones(3).write(toNPY: "/dev/full")
    }
    fails("npy.write-poison", .invalidArgument, "negative size") {
      try F.zeros([-1]).write(toNPY: "/dev/null")
    }
  }

  mutating func addDevices() {
    func with(_ variables: [String: String], _ call: @escaping @Sendable () throws -> Void)
      -> @Sendable () throws -> Void
    {
      {
        for (name, value) in variables { setenv(name, value, 1) }
        try call()
      }
    }
    let read: @Sendable () throws -> Void = { _ = try F([1, 2]).scalars() }
    let map: @Sendable () throws -> Void = { _ = try vmap { (x: F) in x + 1 }(ones(3)).scalars() }
    for name in ["nonsense", "9:9", "0:-1", ":", "-1:0", "18446744073709551616:0"] {
      failsOnDevice(
        "device.name(\(name))", .invalidSelection, "VMAP_DEVICE", "\"\(name)\"", "There are",
        by: with(["VMAP_DEVICE": name], read))
    }
    failsOnDevice(
      "device.map", .invalidSelection, "VMAP_DEVICE", by: with(["VMAP_DEVICE": "nonsense"], map))
    failsOnDevice(
      "device.lowered", .invalidSelection, "VMAP_DEVICE",
      by: with(["VMAP_DEVICE": "nonsense"]) { _ = try jit { (x: F) in x }.lowered(ones(3)) })
    failsOnDevice(
      "device.loop", .invalidSelection, "VMAP_DEVICE",
      by: with(["VMAP_DEVICE": "nonsense"]) {
        _ = try whileLoop(ones(3), while: { _ in B(false) }, do: { $0 }).scalars()
      })
    failsOnDevice(
      "device.profile", .invalidProfile, "\"nonsense\"", "VMAP_PROFILE", "lanes16",
      by: with(["VMAP_PROFILE": "nonsense"], read))
    failsOnDevice(
      "device.no-platform", .noPlatform, "pocl-opencl-icd", "/etc/OpenCL/vendors",
      by: with(["OCL_ICD_VENDORS": "/nonexistent"], read))
    failsOnDevice(
      "device.no-platform-for-a-map", .noPlatform, "pocl-opencl-icd",
      by: with(["OCL_ICD_VENDORS": "/nonexistent"], map))
    works(
      "device.shape-error-without-any",
      by: with(["OCL_ICD_VENDORS": "/nonexistent"]) {
        do {
          _ = try vmap { (x: F) in matmul(x, ones(4)) }(ones(2, 3))
        } catch let error as VMapError where error.kind == .shapeMismatch { return }
        throw WrongResult(text: "no shapeMismatch")
      })
    works("device.none-named", by: with(["VMAP_DEVICE": "", "VMAP_PROFILE": ""], map))
  }
}
