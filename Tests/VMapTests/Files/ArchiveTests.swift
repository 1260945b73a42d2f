import Foundation
import Testing

@testable import VMap
@testable import VMapTestSupport

@Suite(.timeLimit(.minutes(2))) struct ArchiveTests {
  private let folder: ArchiveFolder

  init() throws { folder = try ArchiveFolder() }

  @Test(arguments: TensorArchive.Format.allCases)
  func whatIsWrittenIsRead(_ format: TensorArchive.Format) throws {
    var tensors: [String: AnyTensor] = [
      "": try .counting(.float32, []), "layers.0/w": try .counting(.float64, [2, 3]),
      "größe \"1\"\n\u{1f600}": try .counting(.int16, [5]), "empty": try .counting(.int8, [3, 0]),
    ]
    for element in ElementType.allCases where element != .bfloat16 && element != .complex128 {
      tensors[element.rawValue] = try .counting(element, [3, 2])
    }
    let path = folder.path("all.\(format.rawValue)")
    try TensorArchive.write(tensors, to: path)
    let archive = try TensorArchive(contentsOf: path)
    #expect(archive.format == format)
    #expect(Set(archive.names) == Set(tensors.keys))
    let read = try archive.tensors()
    for (name, tensor) in tensors {
      #expect(try archive.type(of: name) == tensor.type, "\(name)")
      #expect(read[name]?.type == tensor.type, "\(name)")
      #expect(try read[name]?.elementBytes() == tensor.elementBytes(), "\(name)")
    }
    #expect(
      try archive.tensor("layers.0/w", of: Double.self).scalars()
        == Tensor<Double>(tensors["layers.0/w"]!).scalars())
    // The same tensors give the same bytes, in whatever order a dictionary has them.
    let first = try folder.bytes("all.\(format.rawValue)")
    for _ in 0..<3 {
      #expect(
        try folder.archive(Dictionary(uniqueKeysWithValues: tensors.shuffled()), format) == first)
    }
  }

  @Test func typesOfOneFormat() throws {
    let halves = ["b": try AnyTensor.counting(.bfloat16, [4])]
    let read = try TensorArchive(contentsOf: folder.write(folder.archive(halves, .safetensors)))
    #expect(try read.tensor("b").type.description == "bf16[4]")
    let npz = try TensorArchive(contentsOf: folder.write(folder.archive(halves, .npz), "b.npz"))
    #expect(npz.names == ["b"])
    expectError(.typeMismatch, naming: "b.npz: \"b\": npy:", "ask for bf16") { try npz.tensor("b") }
    expectError(.typeMismatch, naming: "ask for bf16") { try npz.type(of: "b") }
    #expect(try npz.tensor("b", of: BFloat16.self).shape == [4])
    expectError(.typeMismatch, naming: "safetensors: \"z\" is c128[2]", "the format has no c128") {
      try folder.archive(["z": .counting(.complex128, [2])], .safetensors)
    }
    #expect(
      try folder.read(folder.archive(["z": .counting(.complex128, [2])], .npz))["z"]?.shape == [2])
  }

  @Test func whatIsAskedForWrongly() throws {
    let path = folder.path("a.npz")
    try TensorArchive.write(["w": .counting(.float32, [2]), "v": .counting(.int8, [])], to: path)
    let archive = try TensorArchive(contentsOf: path)
    expectError(.invalidArgument, naming: "a.npz: there is no \"x\" among 2 tensors: \"v\", \"w\"")
    {
      try archive.tensor("x")
    }
    expectError(.typeMismatch, naming: "a.npz: \"w\": the elements are f32, not f64") {
      try archive.tensor("w", of: Double.self)
    }
    expectError(.invalidArgument, naming: "ends in neither .npz nor .safetensors") {
      try TensorArchive.write([:], to: folder.path("a.zip"))
    }
    expectError(.invalidArgument, naming: "npz: the format has no metadata") {
      try TensorArchive.write([:], to: path, metadata: ["a": "b"])
    }
    for name in ["a\0b", "../a", "a/../../b", "/a"] {
      expectError(.invalidArgument, naming: "npz: an array cannot be called") {
        try folder.archive([name: .counting(.int8, [])], .npz)
      }
    }
    expectError(.invalidArgument, naming: "cannot be called \"__metadata__\"") {
      try folder.archive(["__metadata__": .counting(.int8, [])], .safetensors)
    }
    expectError(.invalidArgument, naming: "bad: \"t\": ", "index 5") {
      try TensorArchive.write(
        ["t": AnyTensor(Tensor<Float>([1, 2, 3])[5])], to: folder.path("bad"), as: .npz)
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path("bad")))
    expectError(.invalidArgument, naming: "an archive is read in any order") {
      try TensorArchive(contentsOf: "/dev/stdin")
    }
    expectError(.parse, naming: "the file is no archive") {
      try folder.read(Tensor<Float>([1]).npyBytes())
    }
    expectError(.parse, naming: "the file is no archive") { try folder.read([]) }
    #expect(try folder.read(folder.archive([:], .npz)).isEmpty)
    #expect(try folder.read(folder.archive([:], .safetensors)).isEmpty)
  }

  @Test func metadata() throws {
    let texts = ["format": "pt", "": "a\"\\\n\u{1}é"]
    try TensorArchive.write(
      ["w": .counting(.float32, [1])], to: folder.path("m.safetensors"), metadata: texts)
    #expect(try TensorArchive(contentsOf: folder.path("m.safetensors")).metadata == texts)
    // The header and the first tensor begin at multiples of 64.
    let bytes = try folder.bytes("m.safetensors")
    #expect((8 + Int(bytes[...].littleEndian(8))) % 64 == 0)
  }

  /// Large elements stay in the file, where kernels read them.
  @Test func mappedElements() throws {
    let count = 1 << 19
    let x = try AnyTensor.counting(.float32, [count])
    let half = try AnyTensor.counting(.bool, [2 * count + 1])
    try TensorArchive.write(["x": x, "half": half], to: folder.path("m.safetensors"))
    try x.write(toNPY: folder.path("x.npy"))
    let archive = try TensorArchive(contentsOf: folder.path("m.safetensors"))
    let expected = try x.elementBytes()
    let double = jit { (x: Tensor<Float>) in x + x }
    let doubled = try double(Tensor<Float>(x)).scalars()
    for mapped in [
      try archive.tensor("x", mapped: true),
      try AnyTensor(contentsOfNPY: folder.path("x.npy"), mapped: true),
    ] {
      #expect(try mapped.elementBytes() == expected)
      #expect(try double(Tensor<Float>(mapped)).scalars() == doubled)
      // A file that is replaced stays what it was for those who have it.
      try AnyTensor.counting(.float32, [3]).write(toNPY: folder.path("x.npy"))
      try mapped.write(toNPY: folder.path("x.npy"))
      #expect(try AnyTensor(contentsOfNPY: folder.path("x.npy")).elementBytes() == expected)
    }
    // Truth values may be any bytes in a file.
    #expect(try archive.tensor("half", mapped: true).elementBytes() == half.elementBytes())
  }

  /// Numbers of 64 bits where those of 32 do not reach, which is here beyond 100.
  @Test func longNumbers() throws {
    let (path, short) = (folder.path("long.npz"), [UInt8](repeating: 7, count: 40))
    let npy = try Tensor<Int16>((0..<60).map { Int16($0) }).npyBytes()
    try File.write(to: path) { output throws(VMapError) in
      var zip = ZipOutput(output, limit: 100)
      for (name, bytes) in [("a.npy", npy), ("b", short), ("c.npy", npy)] {
        try zip.add(name, byteCount: bytes.count) {
          (write: (UnsafeRawBufferPointer) throws(VMapError) -> Void) throws(VMapError) in
          try bytes.withUnsafeBytesTyped(write)
        }
      }
      try zip.finish()
    }
    let archive = try TensorArchive(contentsOf: path)
    #expect(archive.names == ["a", "c"])
    for name in archive.names {
      #expect(try archive.tensor(name, of: Int16.self).scalars() == (0..<60).map { Int16($0) })
    }
  }
}
