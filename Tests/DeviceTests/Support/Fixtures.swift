import Testing

@testable import Device

/// The kernels that the tests launch.
let testSource = """
  kernel void scale(global const float *in, global float *out, float factor, int count) {
    int i = get_global_id(0);
    if (i < count) out[i] = in[i] * factor;
  }
  kernel void spin(global float *data, int steps) {
    int i = get_global_id(0);
    float x = data[i];
    for (int k = 0; k < steps; k++) x = x * 0.999f + 0.001f;
    data[i] = x;
  }
  """

/// Makes a context on the CPU that keeps nothing on disk, unless told otherwise.
func makeContext(
  _ faults: FaultyDriver? = nil, _ change: (inout Context.Configuration) -> Void = { _ in }
) throws -> Context {
  var configuration = Context.Configuration()
  configuration.cacheDirectory = ""
  if let faults { configuration.driver = faults.driver }
  change(&configuration)
  return try Context(device: "cpu", profile: nil, configuration: configuration)
}

/// What the tests need to know of the OpenCL implementation of the CPU.
enum CPU {
  /// Whether it has a device that works in the calling thread beside that for all cores.
  static let isPair = (try? makeContext().session.selection.isPair) ?? false
  /// How many devices a context uses.
  static let deviceCount = isPair ? 2 : 1
  /// Whether it is PoCL, whose settings and whose cache some tests are about.
  static let isPoCL =
    (try? makeContext().deviceDescription.platformName) == "Portable Computing Language"
}

extension Context {
  func makeBuffer<T: BitwiseCopyable>(_ values: [T]) throws -> Buffer {
    let buffer = try makeBuffer(byteCount: values.count * MemoryLayout<T>.stride)
    try values.withUnsafeBytes { try buffer.write(from: $0) }
    return buffer
  }
}

extension Buffer {
  func values<T: BitwiseCopyable>(as type: T.Type = T.self) throws -> [T] {
    try withHostBytes { Array($0.bindMemory(to: T.self)) }
  }
}

/// Runs a closure and gives the device error that it throws.
func deviceError<R>(
  _ body: () throws -> R, _ location: SourceLocation = #_sourceLocation
) -> DeviceError? {
  do {
    _ = try body()
    Issue.record("no error was thrown", sourceLocation: location)
  } catch let error as DeviceError {
    return error
  } catch {
    Issue.record("another error was thrown: \(error)", sourceLocation: location)
  }
  return nil
}
