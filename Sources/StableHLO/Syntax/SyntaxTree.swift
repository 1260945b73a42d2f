/// A module: its functions by name.
struct Module: Sendable {
  var functions: [String: Function] = [:]
  let source: SourceText
}

/// A value of a function, counted from 0 through all of its regions.
typealias Slot = Int

/// A function with its body.
struct Function: Sendable {
  var name: String
  var results: [TypeSyntax]
  var body: Region
  /// The type of each value.
  var types: [TypeSyntax]
  var offset: Int

  var parameters: [TypeSyntax] { body.parameters.map { types[$0] } }
}

/// A list of operations with parameters; the last one returns its operands.
struct Region: Sendable {
  var parameters: [Slot] = []
  var operations: [Operation] = []
}

/// One operation, in the generic form whatever form it was written in.
struct Operation: Sendable {
  var name: String
  var operands: [Slot] = []
  var results: [Slot] = []
  var attributes: [String: AttributeSyntax] = [:]
  var regions: [Region] = []
  /// Where it stands in the text.
  var offset = 0
}

/// A type as it is written.
enum TypeSyntax: Hashable, Sendable {
  case tensor(TensorSyntax)
  case function(FunctionTypeSyntax)
  /// Any other, such as `i64`, `tuple<…>` and `!stablehlo.token`.
  case other(String)

  var tensor: TensorSyntax? { if case .tensor(let type) = self { type } else { nil } }
}

/// The type of a function.
///
/// Each type of a text is there once: aliases that name each other stand for types that are far too
/// large to be compared part by part.
final class FunctionTypeSyntax: Hashable, Sendable {
  let parameters: [TypeSyntax]
  let results: [TypeSyntax]

  init(_ parameters: [TypeSyntax], _ results: [TypeSyntax]) {
    self.parameters = parameters
    self.results = results
  }

  static func == (first: FunctionTypeSyntax, second: FunctionTypeSyntax) -> Bool {
    first === second
  }

  func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// The type of a tensor as it is written.
struct TensorSyntax: Hashable, Sendable {
  var shape: [Int]
  /// The name of the type of the elements, such as `f32`, `i1` or `complex<f64>`.
  var element: String
}

/// An attribute as it is written.
indirect enum AttributeSyntax: Sendable {
  /// An integer; of more than 64 bits it is none.
  case integer(Int)
  case float(Double)
  case bool(Bool)
  case string(String)
  case symbol(String)
  case type(TypeSyntax)
  case unit
  /// `LT`, `#stablehlo<precision DEFAULT>`: the last word.
  case word(String)
  case array([AttributeSyntax])
  /// `{a = 1}`, `#stablehlo.gather<offset_dims = [1]>`.
  case dictionary([String: AttributeSyntax])
  case dense(DenseSyntax)
  /// `[1] x [0]`, `[b, f]x[o, i]->[b, f]`.
  case product([AttributeSyntax])
}

/// The elements of a constant.
struct DenseSyntax: Sendable {
  var type: TensorSyntax
  /// Whether `bytes` holds one element, which stands for all.
  var isSplat: Bool
  /// The elements as they are stored, row-major and little-endian; empty where the type of the
  /// elements is not supported.
  var bytes: [UInt8]
}
