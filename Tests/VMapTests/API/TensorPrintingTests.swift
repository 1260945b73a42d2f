import Testing
import VMap

/// What a tensor looks like when it is printed: as in NumPy.
@Suite struct TensorPrintingTests {
  @Test func numbersAreAligned() {
    #expect("\(Tensor<Float>([[1, 2.5], [3, 4]]))" == "[[1.  2.5]\n [3.  4. ]]")
    #expect("\(Tensor<Int32>([[[1, -20], [300, 4]]]))" == "[[[  1 -20]\n  [300   4]]]")
    #expect("\(Tensor<Bool>([true, false]))" == "[ True False]")
    #expect("\(Tensor<UInt8>([255]))" == "[255]")
    #expect("\(Tensor<Float>([-0.0, 0]))" == "[-0.  0.]")
    #expect("\(Tensor<Float>([0.1, 1 / 3]))" == "[0.1        0.33333334]")
    #expect("\(Tensor<Double>([0.1, 1 / 3]))" == "[0.1        0.33333333]")
    #expect("\(Tensor<Float>([.nan, .infinity, -.infinity, 1]))" == "[ nan  inf -inf   1.]")
  }

  @Test func farApartNumbersHaveExponents() {
    #expect("\(Tensor<Float>([1e-5, 1]))" == "[1.e-05 1.e+00]")
    #expect("\(Tensor<Float>([1e10, -2]))" == "[ 1.e+10 -2.e+00]")
    #expect("\(Tensor<Double>([1e-300, 1e300]))" == "[1.e-300 1.e+300]")
    #expect("\(Tensor<Float>([123456.789, 0.5]))" == "[1.2345679e+05 5.0000000e-01]")
  }

  @Test func scalars() {
    #expect("\(Tensor<Float>(0.1))" == "0.1")
    #expect("\(Tensor<Float>(1))" == "1.0")
    #expect("\(Tensor<Int64>(-5))" == "-5")
    #expect("\(Tensor<Bool>(true))" == "True")
  }

  /// As NumPy has it, a NaN has no sign and no payload.
  @Test func everyNaNIsTheSame() {
    let negative = -Float.nan
    let payload = Float(bitPattern: 0xffc0_0123)
    for number in [Float.nan, negative, payload] {
      #expect("\(Tensor<Float>(number))" == "nan")
      #expect("\(Tensor<Float>([number, 1]))" == "[nan  1.]")
    }
    #expect("\(Tensor<Double>(-Double.nan))" == "nan")
    #expect("\(Tensor<BFloat16>(BFloat16(negative)))" == "nan")
    #expect("\(Tensor<Complex<Float>>(Complex(negative, payload)))" == "(nan+nanj)")
  }

  /// What `dump` and failed expectations show: nothing of what is behind a tensor.
  @Test func dumpsAreShort() {
    let tensor = Tensor<Float>([1, 2])
    for value in [tensor, AnyTensor(tensor), [tensor + 1]] as [Any] {
      var text = ""
      dump(value, to: &text)
      #expect(text.contains("elementType") && text.contains("shape"), "\(text)")
      #expect(text.split(separator: "\n").count < 10, "\(text)")
    }
    let traced = vmap { (x: Tensor<Float>) in
      var text = ""
      dump(x, to: &text)
      #expect(text.contains("traced") && text.split(separator: "\n").count < 10, "\(text)")
      return x
    }
    #expect(throws: Never.self) { try traced(tensor) }
  }

  @Test func manyElementsAreShortened() {
    #expect("\(Tensor<Int32>.arange(2000))" == "[   0    1    2 ... 1997 1998 1999]")
    let matrix = Tensor<Int32>.arange(1200).reshaped(to: [40, 30])
    #expect(
      "\(matrix)" == """
        [[   0    1    2 ...   27   28   29]
         [  30   31   32 ...   57   58   59]
         [  60   61   62 ...   87   88   89]
         ...
         [1110 1111 1112 ... 1137 1138 1139]
         [1140 1141 1142 ... 1167 1168 1169]
         [1170 1171 1172 ... 1197 1198 1199]]
        """)
  }

  @Test func longRowsAreBroken() {
    #expect(
      "\(Tensor<Int32>.arange(30))" == """
        [ 0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15 16 17 18 19 20 21 22 23
         24 25 26 27 28 29]
        """)
    #expect("\(Tensor<Float>.zeros([2, 1, 2]))" == "[[[0. 0.]]\n\n [[0. 0.]]]")
    #expect("\(Tensor<Float>.zeros([0, 3]))" == "[]")
  }

  @Test func whatFailedIsSaid() {
    let text = "\(Tensor<Float>([1, 2]) + Tensor<Float>([1, 2, 3]))"
    #expect(
      text.hasPrefix("ERROR: a tensor of f32 could not be computed: shapeMismatch: ")
        && text.contains("[2]"), "\(text)")
  }
}
