import Synchronization
import VMap

/// A struct of two tensors.
struct Layer: TensorTree {
  var weights = ones(3, 4)
  var bias = ones(3)

  mutating func visitChildren(_ visit: inout some TreeVisitor) throws {
    try visit("weights", &weights)
    try visit("bias", &bias)
  }
}

/// A struct of containers.
struct Network: TensorTree {
  var layers = [Layer(), Layer()]
  var scale: F? = ones(3)
  var tables: [String: [F]] = ["first": [ones(3)], "second one": [ones(3), ones(3)]]

  mutating func visitChildren(_ visit: inout some TreeVisitor) throws {
    try visit("layers", &layers)
    try visit("scale", &scale)
    try visit("tables", &tables)
  }
}

/// A tree without tensors.
struct Nothing: TensorTree {
  mutating func visitChildren(_ visit: inout some TreeVisitor) throws {}
}

/// A tree that throws when it is visited.
struct Refusing: TensorTree {
  var value = ones(3)

  mutating func visitChildren(_ visit: inout some TreeVisitor) throws { throw OwnError() }
}

/// A list as a tree that refers to itself.
struct Node: TensorTree {
  var value = F(1)
  var next: [Node] = []

  mutating func visitChildren(_ visit: inout some TreeVisitor) throws {
    try visit("value", &value)
    try visit("next", &next)
  }
}

/// A tree with other children at every visit.
struct Changing: TensorTree {
  enum Change: Sendable { case grows, shrinks, turns }

  let change: Change
  let visits = Box(0)

  mutating func visitChildren(_ visit: inout some TreeVisitor) throws {
    let count = visits.update { $0 + 1 }
    var (first, second, integers) = (ones(3), ones(3), I.ones([3]))
    switch (change, count > 1) {
    case (.grows, true), (.shrinks, false):
      try visit(0, &first)
      try visit(1, &second)
    case (.grows, false), (.shrinks, true), (.turns, false): try visit(0, &first)
    case (.turns, true): try visit(0, &integers)
    }
  }
}

/// A place for a value that outlives a function.
final class Box<Value: Sendable>: Sendable {
  private let contents: Mutex<Value>

  init(_ value: Value) { contents = Mutex(value) }

  var value: Value { contents.withLock { $0 } }

  func set(_ value: Value) { contents.withLock { $0 = value } }

  @discardableResult func update(_ change: @Sendable (Value) -> Value) -> Value {
    contents.withLock {
      $0 = change($0)
      return $0
    }
  }
}
