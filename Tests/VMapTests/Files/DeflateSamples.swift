import Foundation

/// A deflated stream and the bytes that it stands for.
struct DeflateSample: Sendable, CustomStringConvertible {
  let name: String
  /// Whether there are matches nearly as far back as there can be, with little between.
  let isWide: Bool
  let base64: String

  var description: String { name }
  var stream: [UInt8] { Array(Data(base64Encoded: base64) ?? Data()) }

  var expected: [UInt8] {
    var state: UInt32 = isWide ? 1 : 7
    func next() -> UInt32 {
      state = state &* 1_664_525 &+ 1_013_904_223
      return state
    }
    guard isWide else {
      return (0..<400).map { _ in
        let value = next()
        return UInt8((value >> 30) * (value >> 28 & 3))
      }
    }
    let seed = (0..<60).map { _ in UInt8(next() >> 24) }
    return (0..<330_000).map { place in
      let offset = place % 32_500
      return offset < 60 ? seed[offset] ^ UInt8(place / 162_500) : 0
    }
  }
}

/// Streams that zlib 1.2 wrote of bytes that ``DeflateSample`` makes, too, by `zlib.compressobj` of Python.
let deflateSamples: [DeflateSample] = [
  DeflateSample(
    name: "fixed", isWide: false,
    base64: """
      Y2BjYmNgZmRg4ORkYGZgYmBgYmZmZGZgAwoBBZgZwEJsDEyMjAxsDAzMLEycQDE2JrBSoAADGxsjEwszUCsnI5DLCR\
      ICKmAAa2BmYGEDchiBZoIEWZiAxgKZbEwgZcwgG9mAlrAxswCVgAEjMycD2EYWoDQbG1A9kMPMCDSfkYUBIgO0gwGs\
      HORuTpDTgCSIzwJUDnIvUAsTMydIJZBgYwMaBRRiZGZmAroCrBion5kJ6DCQ35iADgKaBFbDzMQIchWQAXQeE8jdjG\
      C3gwIE5F6gkcxsYH+zAPVyAi1kBJkPEgGFFUgFSA4SKAwQx4DcBjSCBeQgYBiAhIDhx8zGCDSNE6wOFHag4Ae6HhQR\
      TAA=
      """),
  DeflateSample(
    name: "dynamic", isWide: false,
    base64: """
      JZFRDsAwCEJRjEnvf+E93D6aliK+Om2vXNJ7slpqu6xFQrBOWnWVVvL0Q9s+K4J2q8eUvuL4ImHQFVizHIrMiNPEst\
      2Ozem4NFkPlvvKT9dxuN7Fz8FFfo3+G3ro7OF+QWPNebCHl5L2i5NllyikshuKM1PvBixva4BIOo+7QsUGvA53HXsG\
      El4ivffuofbRsJIfJbOKI3f/UPTDhI2ICRAziMT8vEXaO19ml/FDnx/RHw==
      """),
  DeflateSample(
    name: "Huffman only", isWide: false,
    base64: """
      BcGBCcBAEAKwnBbh91+4iWV6vKdC2qv1PC0hkzujX15ZKgzb5at6N95QyJ36Vk6qfLGmljfqPfOsnwOuD+FTW0z0vr\
      oPAo/DMk/Gc/gWLZP0BS82H3NtpON5NN9akjWWj2mOmr5JueMk7Y2GrsLXer6dTcV5aMI3bKLFcydfX1RbXnXXeGy+\
      ao9FpvkB
      """),
  DeflateSample(
    name: "flushed", isWide: false,
    base64: """
      JI5BDgAxCAJRDIn///CO3R5MGVFUOnJJu7JaarusgADWQ1FXKZKnF5Z+VoCS6jGjW8g9hEFvwJogip0Hp1nLN302X2\
      IIiQfLe+XVSxzaCX6Ei/01+jtk6Nnv7r3TqOgPAAD//yWOAQ4EIQwCKW1I/P+Hb9iL0eqUIrpYu1Jk77MkjkRXNLuW\
      N0CW1pdq7cDjT7MeOr08POgO76nbTjrDzopyzD5dpv4lU1MU7SEt/oeB4+JroIWAHjWD2/t0V8xHpHcz/AA=
      """),
  DeflateSample(
    name: "wide", isWide: true,
    base64: """
      7d1NM9QBAMDhDmuNwhguRhfGEBM5yahlwhcghEa72Cvd6NKI6VLGy6W1Z1y9XBbXMk19AS8Xb3VuakiTtaZ8BVfzf5\
      6P8PsCv0h0MpUb/TIbWnoynNyNZPY7V981lBR2lK0nBts+/qztzsSnX/073viTvhdbqx6vSR51hX4/3g4P3ektuwUA\
      AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADAjRbxvAcAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAILM\
      97AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAgODyvAcAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAI\
      Ls97AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAgOBqik2s58W+zmUttozM7zVdHDxde//wblF7aerDQOunXz\
      VdF0MzY/+/bZ6dV0ZXq97Uzh92Z50+2smO3+4rVQ8AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADgZvO8BwAA\
      AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAguz3sAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACA4PK8Bw\
      AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAguz3sAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACA4Gru\
      f7uR3/95OrzQ+jKx3Zw+7Fieqi8u6CzfTMZbtn7U9aQHZ0cvv6f+ZiperNx//SBx8Cx80rgbGsh5Xq4eAAAAAFzPFQ\
      ==
      """),
  DeflateSample(
    name: "wide runs", isWide: true,
    base64: """
      7cG5TgOGAQBQDzYoHFUFSwWLragcqp1MBRXsiOMHOOwWqtQGe4VsgaXiUBaIOBaw58La2osNK1QV/ADHwpm5ApVDAT\
      uC/kJWS++9eHq13JI+2QruD80VLuK1q8niWn9H23iksjs7evQQS9VyG4sfdwev792ZUu9StHCbDD4PnjVkm6ciAQAA\
      AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADqWjy9Wm5Jn2wF94fmChfx2tVkca2/o208UtmdHT16iKVquY3Fj7\
      uD1/fuTKl3KVq4TQafB88ass1TkQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAdS2eXi23pE+2gvtDc4WL\
      eO1qsrjW39E2Hqnszo4ePcRStdzG4sfdwet7d6bUuxQt3CaDz4NnDdnmqUgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
      AAAAAAAAAAgLoWT6+WW9InW8H9obnCRbx2NVlc6+9oG49UdmdHjx5iqVpuY/Hj7uD1vTtT6l2KFm6TwefBs4Zs81Qk\
      AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEBdi6dXyy3pk63g/tBc4SJeu5osrvV3tI1HKruzo0cPsVQtt7\
      H4cXfw+t6dKfUuRQu3yeDz4FlDtnkqEgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACgriUyK5XWzOl2aG94\
      Pn+ZqF5PlNb7OtvHwuWdmZHjx2iymt1c+Lw/fHnrShd7lmP5m1ToaeC8Mdc0HQ4AAAAAAAAAAAAAAAAAAAAAAAAAAA\
      AAAAAAAAAAAAAAUNcSmZVKa+Z0O7Q3PJ+/TFSvJ0rrfZ3tY+HyzszI8WM0Wc1uLnzeH768daWLPcux/E0q9DRw3phr\
      mg4HAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAKhricxKpTVzuh3aG57PXyaq1xOl9b7O9rFweWdm5Pgxmq\
      xmNxc+7w9f3rrSxZ7lWP4mFXoaOG/MNU2HAwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADUtURmpdKaOd0O\
      7Q3P5y8T1euJ0npfZ/tYuLwzM3L8GE1Ws5sLn/eHL29d6WLPcix/kwo9DZw35pqmwwEAAAAAAAAAAAAAAAAAAAAAAA\
      AAAAAAAAAAAAAAAAAA6lois1JpzZxuh/aG5/OXier1RGm9r7N9LFzemRk5fowmq9nNhc/7w5e3rnSxZzmWv0mFngbO\
      G3NN0+EAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAHXtm29/OPjNt//ZaPjHyHe7Z9+834z/88c//u63k1\
      8eFnLD//7v1395n936/pefyj/Xfv+3f/3h71/tXv+54X9/ugjOfPHXLwMAAAAAwK/yfw==
      """),
]
