import CDLPack
import Device
import Foundation
import Synchronization
import Testing

@testable import VMap
@testable import VMapTestSupport

@Suite struct DLPackTests {
  /// Somebody who lends elements, and knows when they come back.
  private final class Lender {
    static let returned = Mutex<[Int: Int]>([:])
    private static let numbers = Atomic(0)

    let number = numbers.wrappingAdd(1, ordering: .relaxed).newValue
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 1 << 12, alignment: 64)
    private let sizes = UnsafeMutablePointer<Int64>.allocate(capacity: 200)
    let tensor = UnsafeMutablePointer<DLManagedTensorVersioned>.allocate(capacity: 1)

    init(
      _ shape: [Int64], strides: [Int64]? = nil, _ code: Int = kDLFloat, _ bits: UInt8 = 32,
      lanes: UInt16 = 1, device: Int = kDLCPU, ndim: Int32? = nil, byteOffset: UInt64 = 0
    ) {
      for index in 0..<1 << 10 {
        memory.storeBytes(of: Float(index), toByteOffset: 4 * index, as: Float.self)
      }
      for (index, size) in (shape + (strides ?? [])).enumerated() { sizes[index] = size }
      tensor.initialize(
        to: DLManagedTensorVersioned(
          version: DLPackVersion(major: 1, minor: 9),
          manager_ctx: UnsafeMutableRawPointer(bitPattern: number),
          deleter: { tensor in
            let number = Int(bitPattern: tensor?.pointee.manager_ctx)
            Lender.returned.withLock { $0[number, default: 0] += 1 }
          }, flags: 0,
          dl_tensor: DLTensor(
            data: memory, device: DLDevice(device_type: DLDeviceType(device), device_id: 0),
            ndim: ndim ?? Int32(shape.count),
            dtype: DLDataType(code: UInt8(code), bits: bits, lanes: lanes), shape: sizes,
            strides: strides == nil ? nil : sizes + shape.count, byte_offset: byteOffset)))
    }

    deinit {
      memory.deallocate()
      sizes.deallocate()
      tensor.deallocate()
    }

    /// How often the deleter was called.
    var returnCount: Int { Lender.returned.withLock { $0[number] ?? 0 } }

    func expectRefusal(
      _ kind: VMapError.Kind, _ message: String, at location: SourceLocation = #_sourceLocation
    ) {
      expectError(kind, naming: "dlpack: ", message, at: location) { try AnyTensor(dlpack: tensor) }
      #expect(returnCount == 0, sourceLocation: location)
    }
  }

  /// Whether the device of the tests reads lent memory where it is.
  private static let sharesMemory =
    (try? Context.shared().reachesHostMemory) ?? false

  @Test func elementsStayWhereTheyAre() throws {
    let lender = Lender([2, 3], byteOffset: 8)
    do {
      let x = try Tensor<Float>(dlpack: lender.tensor)
      #expect(try x.scalars() == [2, 3, 4, 5, 6, 7])
      #expect(try jit { (x: Tensor<Float>) in x * 2 }(x).scalars() == [4, 6, 8, 10, 12, 14])
      if Self.sharesMemory {
        #expect(lender.returnCount == 0)
        #expect(
          try AnyTensor(x).withBytes { $0.baseAddress } == UnsafeRawPointer(lender.memory) + 8)
      }
    }
    #expect(lender.returnCount == 1)
    let copied = Lender([2, 3])
    let y = try Tensor<Float>(dlpack: copied.tensor, copying: true)
    #expect(copied.returnCount == 1)
    copied.memory.storeBytes(of: 9, as: Float.self)
    #expect(try y.scalars() == [0, 1, 2, 3, 4, 5])
  }

  /// Expected: what NumPy's `as_strided` gives.
  @Test func stridesAreFollowed() throws {
    for (shape, strides, offset, expected) in [
      ([2, 3], [1, 2], 0, [0, 2, 4, 1, 3, 5]),
      ([3], [-1], 5, [5, 4, 3]),
      ([2, 2], [0, 1], 1, [1, 2, 1, 2]),
      ([2, 2, 2], [100, -3, 7], 3, [3, 10, 0, 7, 103, 110, 100, 107]),
      ([1, 3], [55, 1], 0, [0, 1, 2]),
      ([2, 1, 2], [2, 99, 1], 0, [0, 1, 2, 3]),
      ([], [], 4, [4]),
      ([0, 3], [7, 7], 0, []),
    ] as [([Int64], [Int64], UInt64, [Float])] {
      let lender = Lender(shape, strides: strides, byteOffset: 4 * offset)
      do {
        let x = try Tensor<Float>(dlpack: lender.tensor)
        try expect(x, shape.map { Int($0) }, expected)
      }
      #expect(lender.returnCount == 1)
    }
    // More than is copied at once: rows end in the middle of it.
    let wide = Lender([1000, 103], strides: [1, 0])
    #expect(
      try Tensor<Float>(dlpack: wide.tensor).scalars() == (0..<103_000).map { Float($0 / 103) })
    let unaligned = Lender([2], kDLInt, 16, byteOffset: 1)
    #expect(try AnyTensor(dlpack: unaligned.tensor).shape == [2])
    #expect(unaligned.returnCount == 1)
    let truths = Lender([4], kDLBool, 8, byteOffset: 5)
    // The end of 1.0 and the beginning of 2.0 are the bytes 00 80 3f 00.
    #expect(try Tensor<Bool>(dlpack: truths.tensor).scalars() == [false, true, true, false])
  }

  @Test func whatCannotBeTaken() throws {
    Lender([1], device: kDLCUDA).expectRefusal(
      .invalidArgument, "a device of type 2, expected memory")
    Lender([1], ndim: -1).expectRefusal(.invalidArgument, "-1 dimensions")
    Lender([1], ndim: .max).expectRefusal(
      .invalidArgument, "2147483647 dimensions, expected 0 to 64")
    Lender([1], kDLFloat, 8).expectRefusal(.typeMismatch, "code 2 with 8 bits and 1 lanes")
    Lender([1], kDLFloat, 32, lanes: 4).expectRefusal(.typeMismatch, "and 4 lanes")
    Lender([1], kDLOpaqueHandle, 64).expectRefusal(.typeMismatch, "code 3")
    Lender([2, -1]).expectRefusal(.invalidArgument, "has a negative size")
    Lender([.max, .max]).expectRefusal(.sizeOverflow, "more elements than")
    Lender([.max]).expectRefusal(.sizeOverflow, "more bytes than")
    Lender([2], strides: [.max]).expectRefusal(.sizeOverflow, "leads out of memory")
    Lender([3, 3], strides: [.min / 8, .min / 8]).expectRefusal(
      .sizeOverflow, "leads out of memory")
    let nowhere = Lender([1])
    nowhere.tensor.pointee.dl_tensor.data = nil
    nowhere.expectRefusal(.invalidArgument, "has elements and no memory")
    nowhere.tensor.pointee.dl_tensor.shape = nil
    nowhere.expectRefusal(.invalidArgument, "1 dimensions and no sizes")
    let late = Lender([1])
    late.tensor.pointee.version.major = 2
    late.expectRefusal(.invalidArgument, "version 2.9 of the format, expected 1")
    let other = Lender([1])
    expectError(.typeMismatch, naming: "dlpack: the elements are f32, not f64") {
      try Tensor<Double>(dlpack: other.tensor)
    }
    #expect(other.returnCount == 0)
  }

  @Test func elementsAreLent() throws {
    let increment = jit { (x: Tensor<Float>) in x + 1 }
    let pointer = try increment(Tensor<Float>([[1, 2, 3], [4, 5, 6]])).dlpack()
    let lent = pointer.pointee
    #expect((lent.version.major, lent.version.minor) == (1, 1))
    #expect(lent.flags == UInt64(DLPACK_FLAG_BITMASK_READ_ONLY) || !Self.sharesMemory)
    let tensor = lent.dl_tensor
    #expect(tensor.device.device_type == DLDeviceType(kDLCPU) && tensor.ndim == 2)
    #expect(
      (tensor.shape[0], tensor.shape[1], tensor.strides[0], tensor.strides[1]) == (2, 3, 3, 1))
    let elements = tensor.data.assumingMemoryBound(to: Float.self)
    // Others that are made and go meanwhile leave the elements alone.
    for number in 0..<50 {
      _ = try increment(Tensor<Float>([[1, 2, 3], [4, 5, Float(number)]])).scalars()
    }
    #expect((0..<6).map { elements[$0] } == [2, 3, 4, 5, 6, 7])
    let again = try Tensor<Float>(dlpack: pointer)
    #expect(try again.scalars() == [2, 3, 4, 5, 6, 7])
    // Nobody releases them twice: what was taken in gives them back.
    for element in ElementType.allCases {
      let x = try AnyTensor.counting(element, [2, 0, 3].map { $0 + 1 })
      let y = try AnyTensor(dlpack: x.dlpackUnversioned())
      #expect(y.type == x.type)
      #expect(try y.elementBytes() == x.elementBytes())
    }
    let empty = try AnyTensor(dlpack: AnyTensor.counting(.int32, [0, 2]).dlpack())
    #expect(empty.shape == [0, 2])
    expectError(.invalidArgument, naming: "index 5") { try Tensor<Float>([1])[5].dlpack() }
    expectError(.valueOfTracer) {
      try vmap { (x: Tensor<Float>) throws in
        _ = try x.dlpack()
        return x
      }(Tensor<Float>([1]))
    }
  }

  /// Structures with any bytes in them are refused, as nothing in them can be believed to be a pointer.
  @Test func changedStructures() throws {
    var random = SplitMix(state: 5)
    var taken = 0
    for _ in 0..<3000 {
      let lender = Lender([2, 3], strides: [3, 1])
      for _ in 0..<Int.random(in: 1...2, using: &random) {
        let value = [Int64.min, -1, 0, 1, 2, 3, 64, 65, .max].randomElement(using: &random) ?? 0
        switch Int.random(in: 0..<8, using: &random) {
        case 0: lender.tensor.pointee.dl_tensor.ndim = Int32(clamping: min(value, 1))
        case 1: lender.tensor.pointee.dl_tensor.dtype.code = UInt8(truncatingIfNeeded: value)
        case 2: lender.tensor.pointee.dl_tensor.dtype.bits = UInt8(truncatingIfNeeded: value)
        case 3: lender.tensor.pointee.dl_tensor.dtype.lanes = UInt16(truncatingIfNeeded: value)
        case 4: lender.tensor.pointee.dl_tensor.device.device_type = Int32(clamping: value)
        case 5: lender.tensor.pointee.dl_tensor.shape[1] = value < 65 ? value : .max
        case 6: lender.tensor.pointee.dl_tensor.strides[0] = value < 65 ? abs(max(value, -1)) : .max
        default: lender.tensor.pointee.version.major = UInt32(truncatingIfNeeded: value)
        }
      }
      do throws(VMapError) {
        let tensor = try AnyTensor(dlpack: lender.tensor)
        _ = try? tensor.elementBytes()
        taken += 1
      } catch {
        #expect(error.message.hasPrefix("dlpack: "), "\(error)")
        #expect(lender.returnCount == 0)
        continue
      }
      #expect(lender.returnCount == 1)
    }
    #expect(taken > 100)
  }
}
