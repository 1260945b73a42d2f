import Device
import Kernels
import Testing

/// Compares the functions for all 2^32 floats with their own results in `double`, on the device.
///
/// The error of those, which ``AccuracyTests`` bounds, is less than 1e-8 units in the last place of a
/// `float`.
@Suite(
  .enabled(if: AccuracyTests.isFull && FunctionRunner<Float>.types.contains(.f64)), .serialized)
struct SweepTests {
  static let functions = KernelLibrary.functions.filter { $0.argumentCount == 1 }
  /// Floats that a work-item goes through, and its lanes.
  static let (length, width) = (1 << 17, 8)

  @Test(arguments: functions)
  func everyFloatIsWithinTheStatedError(_ function: MathFunction) throws {
    let context = try Context.shared()
    let program = try context.makeProgram(source: try Self.source(function), options: "")
    let kernel = try program.kernel("sweep")
    let items = (1 << 32) / Self.length
    let lanes = items * Self.width
    let errors = try context.makeBuffer(byteCount: lanes * 4)
    let places = try context.makeBuffer(byteCount: lanes * 4)
    try context.launch(
      kernel, [.buffer(errors), .buffer(places), .uint32(UInt32(Self.length / Self.width))],
      global: [items], local: [1], placement: .wide)
    var (worst, bits) = ([Float](repeating: 0, count: lanes), [UInt32](repeating: 0, count: lanes))
    try worst.withUnsafeMutableBytes { target in try errors.read(into: target) }
    try bits.withUnsafeMutableBytes { target in try places.read(into: target) }
    let index = try #require(worst.indices.max { worst[$0] < worst[$1] })
    #expect(
      Double(worst[index]) <= function.ulpF32,
      "\(function.name)(\(Float(bitPattern: bits[index]))) is off by \(worst[index]) ulp")
    print("\(function.name): \(worst[index]) ulp at \(Float(bitPattern: bits[index]))")
  }

  /// A kernel that keeps the largest error of each lane and where it was: infinite for a wrong kind,
  /// or for a zero of the wrong sign.
  private static func source(_ function: MathFunction) throws -> String {
    let uses: [KernelLibrary.Use] = [
      (function.name, .f32, width), (function.name, .f64, width),
    ]
    let single = KernelLibrary.identifier(function.name, .f32, width: width)
    let double = KernelLibrary.identifier(function.name, .f64, width: width)
    return try KernelLibrary.source(functions: uses) + """
      kernel void sweep(global float *errors, global uint *places, uint count) {
        size_t item = get_global_id(0);
        uint8 bits = (uint)item * count * 8 + (uint8)(0, 1, 2, 3, 4, 5, 6, 7);
        float8 worst = 0;
        uint8 where = bits;
        for (uint i = 0; i < count; i++, bits += 8) {
          float8 x = as_float8(bits);
          float8 result = \(single)(x);
          double8 exact = \(double)(convert_double8(x));
          float8 rounded = convert_float8(exact);
          double8 size = fmin(fmax(fabs(convert_double8(rounded)), \(function.floor)), 0x1.fffffep127);
          double8 ulp = fmax(as_double8(as_long8(size) & 0x7ff0000000000000L), 0x1p-126) * 0x1p-23;
          double8 limit = copysign((double8)0x1p128, exact);
          double8 target = select(exact, limit, isinf(exact));
          double8 value = select(
              convert_double8(result), copysign((double8)0x1p128, convert_double8(result)),
              convert_long8(isinf(result)));
          float8 error = convert_float8(fabs(value - target) / ulp);
          int8 both = isnan(result) & convert_int8(isnan(exact));
          int8 one = isnan(result) ^ convert_int8(isnan(exact));
          int8 zero = (result == 0) & (rounded == 0)
              & ((as_int8(result) ^ as_int8(rounded)) < 0) & \(function.floor == 0 ? -1 : 0);
          error = select(error, 0, (result == rounded) | both);
          error = select(error, INFINITY, one | zero);
          int8 greater = error > worst;
          worst = select(worst, error, greater);
          where = select(where, bits, greater);
        }
        vstore8(worst, item, errors);
        vstore8(where, item, places);
      }

      """
  }
}
