/// How numbers of gamma distributions change with the parameter.
extension Random {
  /// A number, or its logarithm, that changes with the parameter as the distribution does, whatever the
  /// attempts were that it was found by: its place among all numbers, the distribution function, stays.
  ///
  /// A number z changes by -∂P/∂a / p, where P is the distribution function and p the density. M. Figurnov,
  /// S. Mohamed, A. Mnih, *Implicit reparameterization gradients*, NeurIPS 2018.
  static func reparametrized<Scalar: TensorFloatingPoint>(
    _ number: Tensor<Scalar>, _ a: Tensor<Scalar>, isLogarithm: Bool
  ) throws -> Tensor<Scalar> {
    let attached = customJVP(
      { (number: Tensor<Scalar>, _: Tensor<Scalar>) in number },
      jvp: { number, a, change, da in
        let logarithm = isLogarithm ? number : log(number)
        let (isUpper, upper, lower) = try incompleteGammaSlopes(a, exp(logarithm), logarithm)
        let slope = select(isUpper, upper, -lower)
        let own = isLogarithm ? slope : select(number .> 0, number * slope, zerosLike(number))
        return change + da * own
      })
    return try attached(stopGradient(number), a)
  }
}
