extension RandomProgramRegressions {
  static let all: [Regression] = [
    Regression(
      "running maximum",
      """
      inputs 5
      sizes 3, 17
      { axes a0:n0 ; lambda ; a:f32[n0,7]. let
          b:f32[7]{a0} = bind_axis[axis=0 dimension=0] a
          c:f32[7]{a0} = cummax[axis=0 reverse=False:bool[]] b
          d:f32[n0,7] = unbind_axis[axis=0 dimension=0] c
        in (d,) }
      """)
  ]
}
