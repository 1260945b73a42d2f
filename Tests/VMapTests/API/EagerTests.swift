import Device
import Testing

@testable import VMap

/// Operations on tensors outside of `vmap` and `jit`, which are compiled for as few cases as can be.
@Suite(.serialized) struct EagerTests {
  typealias F = Tensor<Float>

  /// Numbers that tell where they stand.
  static func counting(_ shape: Int...) throws -> F {
    try F(shape: shape, scalars: (0..<shape.reduce(1, *)).map(Float.init)).ready()
  }

  /// How many programs the driver is asked to build meanwhile, by a context that has built none.
  static func programsBuilt(_ body: () throws -> Void) throws -> Int {
    var configuration = Context.Configuration()
    configuration.programLimit = 1024
    let context = try Context(device: nil, profile: nil, configuration: configuration)
    try Context.$override.withValue(context, operation: body)
    return context.counters.programsBuilt + context.counters.programsLoaded
  }

  @Test func neighboursOfAFinishedTensorAreCopied() throws {
    let count = try Self.programsBuilt {
      let x = try Self.counting(4, 3, 2)
      for i in [0, 2, 3, -1] {
        let first = Float(i < 0 ? i + 4 : i) * 6
        #expect(try x[i, 1, 0].scalar() == first + 2)
        #expect(x[i, 1].shape == [2])
        #expect(try x[i, 1].scalars() == [first + 2, first + 3])
        #expect(try x[i, 1...].scalars() == [2, 3, 4, 5].map { first + $0 })
        #expect(x[i, .newAxis, 0, .all].shape == [1, 2])
      }
      #expect(try x[1..<3].scalars() == (6..<18).map(Float.init))
      #expect(x[1..<3].shape == [2, 3, 2])
      #expect(try x[.slice(2, 1, by: -1), 2, 1].scalars() == [17])
      #expect(try x.split(into: 2)[1].scalars() == (12..<24).map(Float.init))
    }
    #expect(count == 0)
  }

  @Test func slicesAreToldWhereToBegin() throws {
    let count = try Self.programsBuilt {
      let x = try Self.counting(40, 30)
      for i in 0..<8 {
        #expect(try x[i..<i + 20, i + 2].scalars() == (i..<i + 20).map { Float($0 * 30 + i + 2) })
        let every = x[.slice(i, i + 21, by: 5), 3]
        #expect(
          try every.scalars() == stride(from: i, to: i + 21, by: 5).map { Float($0 * 30 + 3) })
      }
      // Each `y` is recorded, and computed where it is needed.
      for i in 0..<4 {
        let y = x * 2
        #expect(try y[i..<i + 3, 1].scalars() == (i..<i + 3).map { Float($0 * 60 + 2) })
      }
      for i in [7, 20] {
        let backwards = x[.slice(i, i - 3, by: -1), 0]
        #expect(try backwards.scalars() == [i, i - 1, i - 2].map { Float($0 * 30) })
      }
    }
    #expect(count <= 4)
  }

  @Test func anElementOfARecordedTensorComputesItOnce() throws {
    let count = try Self.programsBuilt {
      let x = try Self.counting(10, 10)
      let y = x * 2 + 1
      for i in 0..<10 { #expect(try y[i, 3].scalar() == Float(i * 20 + 7)) }
      for i in 0..<10 { #expect(try F.arange(10)[i].scalar() == Float(i)) }
    }
    #expect(count <= 2)
    #expect(throws: VMapError.self) {
      try (F([1, 2, 3]) + F([1, 2])).reshaped(to: [3])[0].scalar()
    }
  }

  @Test func elementwiseOperationsServeAllShapes() throws {
    let count = try Self.programsBuilt {
      for shape in [[3], [4], [2, 3], [1, 2, 5], [0], [70, 3], [1]] {
        let size = shape.reduce(1, *)
        let x = try F(shape: shape, scalars: (0..<size).map(Float.init))
        let y = try F(shape: shape, scalars: (0..<size).map { Float($0) + 1 })
        let scale = try F(shape: [], scalars: [3])
        let z = (x * y + 2) * scale - F.ones(shape)
        #expect(z.shape == shape)
        #expect(try z.scalars() == zip(x.scalars(), y.scalars()).map { ($0 * $1 + 2) * 3 - 1 })
        #expect(try (x .> 1).asType(Int32.self).scalars() == x.scalars().map { $0 > 1 ? 1 : 0 })
      }
    }
    #expect(count <= 3)
    // What does not go element by element is a program for itself, with what comes before it.
    let x = try Self.counting(2, 3)
    #expect(try (x + x.sum(axis: 0)).scalars() == [3, 6, 9, 6, 9, 12])
    #expect(try (x / x.sum()).scalars() == x.scalars().map { $0 / 15 })
    #expect(try (x + F([1, 2, 3])).scalars() == [1, 3, 5, 4, 6, 8])
  }

  @Test func shortNames() throws {
    let x = try Self.counting(2, 3)
    #expect(x.T.shape == [3, 2] && x.reshaped(3, -1).shape == [3, 2])
    #expect(x.reshaped([6]).shape == [6] && x.mT.shape == [3, 2])
    #expect(try x.diff().scalars() == [1, 1, 1, 1])
    #expect(try diff(x, axis: 0).scalars() == [3, 3, 3])
    #expect(try F([1, 4, 9, 16]).diff(2).scalars() == [2, 2])
    #expect(F([1, 4]).diff(5).shape == [0] && F([1, 4]).diff(0).shape == [2])
    #expect(throws: VMapError.self) { try x.diff(-1).scalars() }
    #expect(throws: VMapError.self) { try x.diff(axis: 2).scalars() }
    let (n, all) = (3, 256)
    #expect(try Tensor<Int8>.arange(n).scalars() == [0, 1, 2])
    #expect(Tensor<UInt8>.arange(all).count == 256)
    #expect(try F.arange(n).scalars() == [0, 1, 2] && F.arange(-n).shape == [0])
    #expect(throws: VMapError.self) { try Tensor<Int8>.arange(129 + n).scalars() }
    #expect(try max(x, 2).scalars() == [2, 2, 2, 3, 4, 5] && min(2, x).scalars().max() == 2)
    #expect(try roll(F([1, 2, 3]), 1).scalars() == [3, 1, 2])
    #expect(try flip(x, axis: 1).scalars() == [2, 1, 0, 5, 4, 3])
    // numpy.fft.fft([1, 2, 3, 4])
    let spectrum = try fft(F([1, 2, 3, 4])).scalars()
    for (found, expected) in zip(
      spectrum, [(10, 0), (-2, 2), (-2, 0), (-2, -2)] as [(Float, Float)])
    {
      #expect(abs(found.real - expected.0) < 1e-5 && abs(found.imaginary - expected.1) < 1e-5)
    }
    // Sums of windows of 2 × 2.
    let image = try Self.counting(1, 3, 3)
    let sums = conv2d(image, F.ones([1, 1, 2, 2]))
    #expect(sums.shape == [1, 2, 2])
    #expect(try sums.scalars() == [8, 12, 20, 24])
    #expect(try LinearAlgebra.det(F([[2, 0], [0, 3]])).scalar() == 6)
    #expect(try LinearAlgebra.inv(F([[2, 0], [0, 4]])).scalars() == [0.5, 0, 0, 0.25])
    #expect(F([1])[5].failure?.kind == .invalidArgument && F([1]).failure == nil)
  }
}
