import Foundation
import VMap

/// Matrices to test with, and plain arithmetic on them in double precision.
struct Matrix: CustomStringConvertible {
  let rows: Int
  let columns: Int
  var elements: [Double]

  init(_ rows: Int, _ columns: Int, _ elements: [Double]) {
    (self.rows, self.columns, self.elements) = (rows, columns, elements)
  }

  init(_ rows: Int, _ columns: Int, _ element: (Int, Int) -> Double) {
    self.init(
      rows, columns, (0..<rows * columns).map { element($0 / columns, $0 % columns) })
  }

  init<Scalar: TensorFloatingPoint>(_ tensor: Tensor<Scalar>) throws {
    // What failed has no shape: reading it tells why.
    let scalars = try tensor.scalars().map { Double($0) }
    self.init(tensor.shape[0], tensor.shape.count > 1 ? tensor.shape[1] : 1, scalars)
  }

  var description: String { "\(rows)×\(columns)" }

  static func identity(_ size: Int) -> Matrix { Matrix(size, size) { $0 == $1 ? 1 : 0 } }
  static func diagonal(_ values: [Double]) -> Matrix {
    Matrix(values.count, values.count) { $0 == $1 ? values[$0] : 0 }
  }

  subscript(row: Int, column: Int) -> Double { elements[row * columns + column] }

  var transposed: Matrix { Matrix(columns, rows) { self[$1, $0] } }
  /// The square root of the sum of all squares.
  var norm: Double { elements.reduce(0) { $0 + $1 * $1 }.squareRoot() }
  var magnitudes: Matrix { Matrix(rows, columns, elements.map(\.magnitude)) }
  var isFinite: Bool { elements.allSatisfy(\.isFinite) }

  static func * (a: Matrix, b: Matrix) -> Matrix {
    Matrix(a.rows, b.columns) { row, column in
      (0..<a.columns).reduce(0.0) { $0 + a[row, $1] * b[$1, column] }
    }
  }

  static func - (a: Matrix, b: Matrix) -> Matrix {
    Matrix(a.rows, a.columns, zip(a.elements, b.elements).map { $0 - $1 })
  }

  /// The examples of a batch of matrices.
  static func examples(_ batch: Tensor<Float>) throws -> [Matrix] {
    let (rows, columns) = (batch.shape[1], batch.shape[2])
    let scalars = try batch.scalars().map { Double($0) }
    return (0..<batch.shape[0]).map { number in
      let start = number * rows * columns
      return Matrix(rows, columns, Array(scalars[start..<start + rows * columns]))
    }
  }

  /// The elements in the order of rows given.
  func rows(_ order: [Int]) -> Matrix { Matrix(order.count, columns) { self[order[$0], $1] } }

  func tensor<Scalar: TensorFloatingPoint>(_: Scalar.Type) throws -> Tensor<Scalar> {
    try Tensor(shape: [rows, columns], scalars: elements.map { Scalar($0) })
  }

  /// The elements rounded to a type, as numbers.
  func rounded<Scalar: TensorFloatingPoint>(to _: Scalar.Type) -> Matrix {
    Matrix(rows, columns, elements.map { Double(Scalar($0)) })
  }

  /// How far the columns are from orthonormal ones.
  var deviation: Double { (transposed * self - .identity(columns)).norm }
}

/// What is special about a matrix.
enum MatrixKind: CaseIterable {
  case random
  /// Rows that differ in size by powers of ten.
  case graded
  /// A row that is another one.
  case singular
  case diagonal
  case zero

  func matrix(_ rows: Int, _ columns: Int, seed: Int = 0) -> Matrix {
    func number(_ row: Int, _ column: Int) -> Double {
      let place = Double(row * 131 + column * 17 + seed * 1009 + 1)
      return sin(place * place + place) * 2
    }
    switch self {
    case .random: return Matrix(rows, columns, number)
    case .graded:
      return Matrix(rows, columns) { number($0, $1) * pow(10, -Double(4 * $0) / Double(rows)) }
    case .singular: return Matrix(rows, columns) { number($0 == rows - 1 ? 0 : $0, $1) }
    case .diagonal: return Matrix(rows, columns) { $0 == $1 ? number($0, $1) : 0 }
    case .zero: return Matrix(rows, columns) { _, _ in 0 }
    }
  }

  /// A symmetric matrix of the kind.
  func symmetric(_ size: Int, seed: Int = 0) -> Matrix {
    let half = matrix(size, size, seed: seed)
    switch self {
    case .graded:
      let scale = (0..<size).map { pow(10, -Double(4 * $0) / Double(size)) }
      let base = MatrixKind.random.symmetric(size, seed: seed)
      return Matrix(size, size) { base[$0, $1] * scale[$0] * scale[$1] }
    case .singular: return half.transposed * half
    default: return Matrix(size, size) { half[$0, $1] + half[$1, $0] }
    }
  }

  /// A symmetric matrix whose eigenvalues are all positive.
  func definite(_ size: Int, seed: Int = 0) -> Matrix {
    let half = matrix(size, size, seed: seed)
    let square = half.transposed * half
    return Matrix(size, size) { square[$0, $1] + ($0 == $1 ? 1 : 0) }
  }
}

extension TensorFloatingPoint {
  /// Half the distance from 1 to the next number.
  static var unitRoundoff: Double { Double(Self.ulpOfOne) / 2 }
}

extension MatrixKind {
  /// A matrix of each kind, as a batch.
  static func batch(_ matrix: (MatrixKind) -> Matrix) throws -> Tensor<Float> {
    try stack(allCases.map { try matrix($0).tensor(Float.self) })
  }
}
