import Foundation
import Testing
import VMap

/// The calls of five public tutorials on `jax.vmap` with JAX's answers, as they are written in
/// `Data/tutorials.json`.
struct TutorialFile: Decodable {
  /// A call with its inputs and what came out.
  struct Call: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let function: String
    /// The vmaps around the function, innermost first.
    let vmaps: [Map]
    let args: [Array]
    let results: [Array]

    var testDescription: String { name }
  }

  /// A call of which only the shape of the result is known.
  struct ShapeCall: Decodable, Sendable, CustomTestStringConvertible {
    let function: String?
    let argumentShapes: [[Int]]?
    let map: Map
    let shape: [Int]

    private enum CodingKeys: String, CodingKey {
      case function, shape
      case argumentShapes = "arg_shapes"
    }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      function = try values.decodeIfPresent(String.self, forKey: .function)
      argumentShapes = try values.decodeIfPresent([[Int]].self, forKey: .argumentShapes)
      shape = try values.decode([Int].self, forKey: .shape)
      map = try Map(from: decoder)
    }

    var testDescription: String { "\(function ?? "x + y") in \(map.inAxes) out \(map.outAxes)" }
  }

  /// A call that must fail, in words.
  struct Failure: Decodable, Sendable {
    let call: String
    let error: String
  }

  /// One vmap.
  struct Map: Decodable, Sendable {
    let inAxes: Axes
    let outAxes: Axes

    private enum CodingKeys: String, CodingKey {
      case inAxes = "in_axes"
      case outAxes = "out_axes"
    }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      let entries = try values.decode([Int?].self, forKey: .inAxes)
      inAxes = .each(entries.map { $0.map(Axes.axis) ?? .unmapped })
      outAxes = .axis(try values.decode(Int.self, forKey: .outAxes))
    }
  }

  /// Elements as row-major little-endian bytes.
  struct Array: Decodable, Sendable {
    let type: String
    let shape: [Int]
    let bytes: Data

    private enum CodingKeys: String, CodingKey {
      case type = "dtype"
      case bytes = "data_base64"
      case shape
    }

    func scalars<Scalar: TensorScalar>(_: Scalar.Type = Scalar.self) -> [Scalar] {
      let width = MemoryLayout<Scalar>.size
      return bytes.withUnsafeBytes { raw in
        stride(from: 0, to: raw.count, by: width).map {
          raw.loadUnaligned(fromByteOffset: $0, as: Scalar.self)
        }
      }
    }

    func tensor<Scalar: TensorScalar>() throws -> Tensor<Scalar> {
      try Tensor(shape: shape, scalars: scalars())
    }
  }

  let calls: [Call]
  let shapes: [ShapeCall]
  let errors: [Failure]

  private enum CodingKeys: String, CodingKey {
    case calls, errors
    case shapes = "shapes_of_2_3_5_7_9"
  }

  static let shared: Result<TutorialFile, any Error> = Result {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Data/tutorials.json")
    return try JSONDecoder().decode(TutorialFile.self, from: Data(contentsOf: url))
  }
}
