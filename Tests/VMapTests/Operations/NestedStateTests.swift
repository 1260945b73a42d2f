import Testing
import VMap

/// Loops inside others that work on the state of those.
@Suite struct NestedStateTests {
  /// An example whose outer loop has ended keeps its state while others go on.
  @Test func examplesThatHaveEnded() throws {
    let count = vmap { (limit: Tensor<Int32>) in
      whileLoop(Tensor<Float>.zeros([4]), Tensor<Int32>(0)) { _, steps in
        steps .< limit
      } do: { x, steps in
        (fori(0, 4, x) { i, x in x.at(i).add(1) }, steps + 1)
      }.0
    }
    let limits: [Int32] = [3, 0, 7, 1, 20]
    let expected = limits.flatMap { [Float](repeating: Float($0), count: 4) }
    #expect(try count(Tensor(limits)).scalars() == expected)
  }

  /// What a loop gives is read by a branch and after it: the loop runs once, before the branch.
  @Test func loopsReadByABranch() throws {
    let function = vmap { (x: Tensor<Float>, isLarge: Tensor<Bool>) in
      let sum = fori(0, 5, x) { _, sum in sum + x }
      let branch = cond(isLarge) {
        sum * 10
      } else: {
        sum * 0
      }
      return branch + sum
    }
    let (x, isLarge) = (Tensor<Float>([1, 2, 3]), Tensor([true, false, true]))
    #expect(try function(x, isLarge).scalars() == [66, 12, 198])
  }
}
