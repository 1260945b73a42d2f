// swift-format-ignore-file

// Programs with a mistake on each line that has a comment, which says what the compiler tells of it.

import VMap

typealias F = Tensor<Float>
typealias I = Tensor<Int32>

func arithmetic(x: F, k: I, m: Tensor<Bool>) throws {
  let n = 3
  let d = 0.5
  _ = vmap { (k: I) in k * n }  // error: '*' is unavailable: a number must have the type of the elements
  _ = vmap { (x: F) in x * d }  // error: cannot be applied to operands of type 'F' (aka 'Tensor<Float>') and 'Double'
  _ = vmap { (x: F) in n + x }  // error: '+' is unavailable: a number must have the type of the elements
  _ = x / x.shape[0]  // error: '/' is unavailable: a number must have the type of the elements
  _ = try vmap { (x: F) in
    let y = x * n  // error: '*' is unavailable: a number must have the type of the elements
    return y + 1
  }(x)
  _ = x + k  // error: 'I' (aka 'Tensor<Int32>') to expected argument type 'Tensor<Float>'
  _ = vmap { (x: F, k: I) in x * k }  // error: cannot convert value of type 'I' (aka 'Tensor<Int32>')
  _ = x + m  // error: cannot convert value of type 'Tensor<Bool>'
  let _: F = 1.5  // error: cannot convert value of type 'Double' to specified type
}

func comparisons(x: F, k: I) {
  _ = x > 0  // error: '>' is unavailable: elements are compared by .>
  _ = x < x  // error: '<' is unavailable: elements are compared by .<
  _ = x >= 0.5  // error: '>=' is unavailable: elements are compared by .>=
  _ = k <= k  // error: '<=' is unavailable: elements are compared by .<=
  _ = x == 0  // error: '==' is unavailable: elements are compared by .==
  _ = k != k  // error: '!=' is unavailable: elements are compared by .!=
  _ = x == x  // error: '==' is unavailable: elements are compared by .==
  if x .> 0 {}  // error: cannot convert value of type 'Tensor<Bool>' to expected condition type 'Bool'
  while k .< 3 {}  // error: cannot convert value of type 'Tensor<Bool>' to expected condition type 'Bool'
  _ = vmap { (x: F) in x .> 0 ? x : -x }  // error: 'Tensor<Bool>'
}

func elements(x: F, k: I) throws {
  _ = x[x .> 5]  // error: 'subscript(_:)' is unavailable: shapes cannot depend on elements
  x[0] = 1  // error: subscript is get-only
  for row in x { _ = row }  // error: requires 'F' (aka 'Tensor<Float>') to conform to 'Sequence'
  _ = Tensor<Int>([1, 2])  // error: 'Int' to 'TensorScalar' is unavailable: elements have a fixed size: use Int32
  let _ = Tensor([1, 2, 3])  // error: 'Int' to 'TensorScalar' is unavailable: elements have a fixed size: use Int32
  _ = Tensor<String>(["a"])  // error: type 'String' does not conform to protocol 'TensorScalar'
  _ = Float(x)  // error: no exact matches in call to initializer
  _ = x.scalars()  // error: call can throw
  _ = x.sum(0)  // error: missing argument label
  _ = k.mean()  // error: requires that 'Int32' conform to 'TensorFloatingPoint'
  _ = sqrt(k)  // error: requires that 'Int32' conform to
  _ = x.reshaped(to: 2, 3)  // error: extraneous argument label 'to:'
}

func maps(x: F, k: I) throws {
  let f: @Sendable (F, F) -> F = { $0 + $1 }
  _ = vmap { (x: F) in _ = x * 2 }  // error: type '()' cannot conform to 'TensorTree'
  _ = vmap { (x: F) in print(x) }  // error: type '()' cannot conform to 'TensorTree'
  _ = jit { (x: F) in _ = x * 2 }  // error: type '()' cannot conform to 'TensorTree'
  _ = vmap { (x: F) in "text" }  // error: could not be inferred
  _ = vmap { (s: String) in F(1) }  // error: 'String'
  _ = try vmap(f)(x)  // error: have the same shape
  _ = try vmap(f)(x, k)  // error: cannot convert value
  _ = vmap(f)(x, x)  // error: call can throw
  _ = vmap(f, inAxis: 0)  // error: incorrect argument label
  _ = vmap(f, inAxes: (0, nil))  // error: cannot convert value of type
  _ = vmap(f, inAxes: "batch")  // error: cannot convert value of type 'String'
  var count = 0
  _ = vmap { (x: F) in
    count += 1  // error: mutation of captured var 'count'
    return x
  }
  // Inside of another call the type of several statements is not known: a let helps.
  print(
    try vmap({ (x: F) in  // error: could not be inferred
      let y = x * 2
      return y + 1  // error: cannot convert value of type 'Tensor<Float>'
    })(x))
  _ = grad { (x: F) in k.sum() }  // error: cannot convert value of type 'Tensor<Int32>'
  print(count)
}

func loops(x: F, k: I) throws {
  _ = cond(x .> 0, then: { x }, else: { k })  // error: conflicting arguments to generic parameter 'Result' ('F' vs. 'I')
  _ = fori(0, 3, x) { _, x in k }  // error: conflicting arguments to generic parameter 'State' ('F' vs. 'I')
  _ = whileLoop(x, while: { $0 .< 3 }, do: { _ in k })  // error: (aka '@Sendable (Tensor<Float>) -> Tensor<Int32>')
  _ = whileLoop(x, while: { $0 < 3 }, do: { $0 + 1 })  // error: cannot convert value of type 'Bool' to closure result type 'Tensor<Bool>'
}
