import StableHLO
import Testing
import VMap

/// The pretty and the generic form of operations give the same program.
@Suite struct FormTests {
  /// A function in both forms.
  struct Pair: Sendable, CustomTestStringConvertible {
    let name: String
    let signature: String
    let pretty: String
    let generic: String

    var testDescription: String { name }
  }

  static let pairs = [
    Pair(
      name: "add", signature: "(%a: tensor<3xf32>) -> tensor<3xf32>",
      pretty: "%0 = stablehlo.add %a, %a : tensor<3xf32>\nreturn %0 : tensor<3xf32>",
      generic: """
        %0 = "stablehlo.add"(%a, %a) : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
        "func.return"(%0) : (tensor<3xf32>) -> ()
        """),
    Pair(
      name: "sharding_constraint", signature: "(%a: tensor<3xf32>) -> tensor<3xf32>",
      pretty: """
        %0 = sdy.sharding_constraint %a <@mesh, [{"x"}]> : tensor<3xf32>
        return %0 : tensor<3xf32>
        """,
      generic: """
        %0 = "sdy.sharding_constraint"(%a) <{sharding = #sdy.sharding<@mesh, [{"x"}]>}>
          : (tensor<3xf32>) -> tensor<3xf32>
        func.return %0 : tensor<3xf32>
        """),
    Pair(
      name: "reduce_precision", signature: "(%a: tensor<3xf32>) -> tensor<3xf32>",
      pretty: """
        %0 = stablehlo.reduce_precision %a, format = e5m2 : tensor<3xf32>
        return %0 : tensor<3xf32>
        """,
      generic: """
        %0 = "stablehlo.reduce_precision"(%a) <{exponent_bits = 5 : i32, mantissa_bits = 2 : i32}>
          : (tensor<3xf32>) -> tensor<3xf32>
        func.return %0 : tensor<3xf32>
        """),
    Pair(
      name: "slice", signature: "(%a: tensor<5x4xf32>) -> tensor<2x2xf32>",
      pretty: """
        %0 = stablehlo.slice %a [0:2, 1:4:2] : (tensor<5x4xf32>) -> tensor<2x2xf32>
        return %0 : tensor<2x2xf32>
        """,
      generic: """
        %0 = "stablehlo.slice"(%a) <{start_indices = array<i64: 0, 1>,
          limit_indices = array<i64: 2, 4>, strides = dense<[1, 2]> : tensor<2xi64>}>
          : (tensor<5x4xf32>) -> tensor<2x2xf32>
        func.return %0 : tensor<2x2xf32>
        """),
    Pair(
      name: "dot_general",
      signature: "(%a: tensor<2x3x4xf32>, %b: tensor<2x4x5xf32>) -> tensor<2x3x5xf32>",
      pretty: """
        %0 = stablehlo.dot_general %a, %b, batching_dims = [0] x [0],
          contracting_dims = [2] x [1], precision = [DEFAULT, DEFAULT]
          : (tensor<2x3x4xf32>, tensor<2x4x5xf32>) -> tensor<2x3x5xf32>
        return %0 : tensor<2x3x5xf32>
        """,
      generic: """
        %0 = "stablehlo.dot_general"(%a, %b) {dot_dimension_numbers = #stablehlo.dot<
          lhs_batching_dimensions = [0], rhs_batching_dimensions = [0],
          lhs_contracting_dimensions = [2], rhs_contracting_dimensions = [1]>,
          precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]}
          : (tensor<2x3x4xf32>, tensor<2x4x5xf32>) -> tensor<2x3x5xf32>
        return %0 : tensor<2x3x5xf32>
        """),
    Pair(
      name: "reduce", signature: "(%a: tensor<4x3xf32>) -> tensor<4xf32>",
      pretty: """
        %z = stablehlo.constant dense<1.5> : tensor<f32>
        %0 = stablehlo.reduce(%a init: %z) applies stablehlo.add across dimensions = [1]
          : (tensor<4x3xf32>, tensor<f32>) -> tensor<4xf32>
        return %0 : tensor<4xf32>
        """,
      generic: """
        %z = "stablehlo.constant"() <{value = dense<1.5> : tensor<f32>}> : () -> tensor<f32>
        %0 = "stablehlo.reduce"(%a, %z) <{dimensions = array<i64: 1>}> ({
        ^bb0(%x: tensor<f32>, %y: tensor<f32>):
          %1 = "stablehlo.add"(%x, %y) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%1) : (tensor<f32>) -> ()
        }) : (tensor<4x3xf32>, tensor<f32>) -> tensor<4xf32>
        return %0 : tensor<4xf32>
        """),
    Pair(
      name: "while", signature: "(%a: tensor<f32>) -> tensor<f32>",
      pretty: """
        %n = stablehlo.constant dense<100.0> : tensor<f32>
        %0:2 = stablehlo.while(%x = %a, %y = %n) : tensor<f32>, tensor<f32>
        cond {
          %1 = stablehlo.compare LT, %x, %y, FLOAT
            : (tensor<f32>, tensor<f32>) -> tensor<i1>
          stablehlo.return %1 : tensor<i1>
        } do {
          %1 = stablehlo.add %x, %n : tensor<f32>
          stablehlo.return %1, %y : tensor<f32>, tensor<f32>
        }
        return %0#0 : tensor<f32>
        """,
      generic: """
        %n = stablehlo.constant dense<100.0> : tensor<f32>
        %0, %rest = "stablehlo.while"(%a, %n) ({
        ^bb0(%x: tensor<f32>, %y: tensor<f32>):
          %1 = "stablehlo.compare"(%x, %y) <{
            comparison_direction = #stablehlo<comparison_direction LT>,
            compare_type = #stablehlo<comparison_type FLOAT>}>
            : (tensor<f32>, tensor<f32>) -> tensor<i1>
          stablehlo.return %1 : tensor<i1>
        }, {
        ^bb0(%x: tensor<f32>, %y: tensor<f32>):
          %1 = stablehlo.add %x, %n : tensor<f32>
          stablehlo.return %1, %y : tensor<f32>, tensor<f32>
        }) : (tensor<f32>, tensor<f32>) -> (tensor<f32>, tensor<f32>)
        return %0 : tensor<f32>
        """),
    Pair(
      name: "moves", signature: "(%a: tensor<2x3xf32>) -> tensor<4x3x2xf32>",
      pretty: """
        %0 = stablehlo.transpose %a, dims = [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
        %1 = stablehlo.reverse %0, dims = [0] : tensor<3x2xf32>
        %2 = stablehlo.broadcast_in_dim %1, dims = [1, 2]
          : (tensor<3x2xf32>) -> tensor<4x3x2xf32>
        return %2 : tensor<4x3x2xf32>
        """,
      generic: """
        %0 = "stablehlo.transpose"(%a) {permutation = dense<[1, 0]> : tensor<2xi64>}
          : (tensor<2x3xf32>) -> tensor<3x2xf32>
        %1 = "stablehlo.reverse"(%0) <{dimensions = dense<0> : tensor<1xi64>}>
          : (tensor<3x2xf32>) -> tensor<3x2xf32>
        %2 = "stablehlo.broadcast_in_dim"(%1) <{broadcast_dimensions = array<i64: 1, 2>}>
          : (tensor<3x2xf32>) -> tensor<4x3x2xf32>
        return %2 : tensor<4x3x2xf32>
        """),
  ]

  @Test(arguments: pairs) func formsAgree(pair: Pair) throws {
    let programs = try [pair.pretty, pair.generic].map { body in
      let f = try StableHLO.function(Modules.main(pair.signature, body))
      let mapped = vmap(f, outAxes: .each(f.results.map { _ in 0 }))
      let arguments = try f.parameters.map { type in
        try AnyTensor(
          [2] + type.shape, [Float](repeating: 1, count: 2 * type.shape.reduce(1, *)))
      }
      return try mapped.lowered(arguments).program
    }
    #expect(programs[0] == programs[1])
  }

  /// One device computes what was written for a mesh of them.
  @Test func meshes() throws {
    let f = try StableHLO.function(
      """
      module {
        sdy.mesh @mesh = <["x"=1]> {stablehlo.mesh = {axes = []}}
        func.func public @main(%a: tensor<3xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"x"}]>})
          -> tensor<3xf32> {
          %0 = sdy.sharding_constraint %a <@mesh, [{"x"}]> : tensor<3xf32>
          %1 = stablehlo.negate %0 : tensor<3xf32>
          return %1 : tensor<3xf32>
        }
      }
      """)
    let a = try AnyTensor([1, 3], [1, -2, 3] as [Float])
    let result = try vmap(f)([a])[0]
    #expect(try result.withBytes { Array($0.bindMemory(to: Float.self)) } == [-1, 2, -3])
  }

  /// Modules in the generic form, with places, names in quotes and aliases.
  @Test func wholeModules() throws {
    let generic = """
      #loc1 = loc("file.py":1:2)
      "builtin.module"() <{sym_name = "m"}> ({
        "func.func"() <{function_type = (tensor<2xf32>) -> tensor<2xf32>, sym_name = "main"}> ({
        ^bb0(%arg0: tensor<2xf32> loc("x"(#loc1))):
          %0 = "func.call"(%arg0) <{callee = @"a b"}> : (tensor<2xf32>) -> tensor<2xf32> loc(#loc1)
          "func.return"(%0) : (tensor<2xf32>) -> () loc(#loc2)
        }) {sym_visibility = "public"} : () -> () loc(#loc1)
        "func.func"() ({
        ^bb0(%arg0: tensor<2xf32>):
          "func.return"(%arg0) : (tensor<2xf32>) -> ()
        }) {function_type = (tensor<2xf32>) -> tensor<2xf32>, sym_name = "a b"} : () -> ()
      }) {mhlo.num_replicas = 1 : i32} : () -> () loc(#loc)
      #loc2 = loc(fused[#loc1, "b"])
      #loc = loc(unknown)
      """
    let pretty = """
      // A comment.
      module @m attributes {mhlo.num_replicas = 1 : i32, "a.b" = [1, {c}]} {
        func.func public @main(%arg0: tensor<2xf32> {jax.name = "x"} loc("x"))
            -> (tensor<2xf32> {jax.result_info = "result"}) attributes {a} {
          %0 = call @"a b"(%arg0) : (tensor<2xf32>) -> tensor<2xf32>
          return %0 : tensor<2xf32>
        }
        func.func private @"a b"(%arg0: tensor<2xf32>) -> tensor<2xf32> {
          func.return %arg0 : tensor<2xf32>
        }
      }
      """
    for text in [generic, pretty] {
      let f = try StableHLO.function(text)
      #expect(f.parameters == [TensorType(element: .float32, shape: [2])])
      let results = try jit(f)([AnyTensor([2], [1, 2] as [Float])])
      #expect(try results[0].scalars(Float.self) == [1, 2])
    }
  }

  @Test func compositesAreTheirDecomposition() throws {
    let f = try StableHLO.function(
      """
      func.func @main(%a: tensor<f32>) -> tensor<f32> {
        %0 = stablehlo.composite "my.double" %a {
          composite_attributes = {n = 2 : i32}, decomposition = @d, version = 1 : i32
        } : (tensor<f32>) -> tensor<f32>
        return %0 : tensor<f32>
      }
      func.func private @d(%a: tensor<f32>) -> tensor<f32> {
        %0 = stablehlo.add %a, %a : tensor<f32>
        return %0 : tensor<f32>
      }
      """)
    #expect(try jit(f)([AnyTensor([], [1.5] as [Float])])[0].scalars(Float.self) == [3])
  }
}
