/// Every OpenCL call the module makes, as a table that tests can replace entry by entry.
///
/// The signatures are the C ones with Swift's names for the types, so that a replacement needs no
/// OpenCL header. Nothing else in the module calls OpenCL directly.
package struct Driver: Sendable {
  package typealias Object = OpaquePointer
  package typealias Status = Int32
  package typealias StatusPointer = UnsafeMutablePointer<Int32>

  // Platforms and devices.
  package var getPlatforms:
    @Sendable (UInt32, UnsafeMutablePointer<Object?>?, UnsafeMutablePointer<UInt32>?) -> Status
  package var getPlatformInfo:
    @Sendable (Object, UInt32, Int, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>?) -> Status
  package var getDevices:
    @Sendable (Object, UInt32, UnsafeMutablePointer<Object?>?, UnsafeMutablePointer<UInt32>?)
      -> Status
  package var getDeviceInfo:
    @Sendable (Object, UInt32, Int, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>?) -> Status

  // Contexts and queues.
  package var createContext: @Sendable (_ platform: Object, [Object], StatusPointer) -> Object?
  package var releaseContext: @Sendable (Object) -> Status
  package var createQueue:
    @Sendable (_ context: Object, _ device: Object, _ profiling: Bool, StatusPointer) -> Object?
  package var releaseQueue: @Sendable (Object) -> Status
  package var flush: @Sendable (Object) -> Status
  package var finish: @Sendable (Object) -> Status

  // Memory.
  package var allocateShared:
    @Sendable (_ context: Object, _ byteCount: Int, _ alignment: UInt32)
      -> UnsafeMutableRawPointer?
  package var freeShared: @Sendable (_ context: Object, UnsafeMutableRawPointer) -> Void
  package var createBuffer: @Sendable (_ context: Object, Int, StatusPointer) -> Object?
  package var createSubBuffer:
    @Sendable (_ buffer: Object, _ origin: Int, _ size: Int, StatusPointer) -> Object?
  package var releaseBuffer: @Sendable (Object) -> Status
  package var readBuffer:
    @Sendable (_ queue: Object, _ buffer: Object, Int, Int, UnsafeMutableRawPointer) -> Status
  package var writeBuffer:
    @Sendable (_ queue: Object, _ buffer: Object, Int, Int, UnsafeRawPointer) -> Status

  // Programs and kernels.
  package var createProgram:
    @Sendable (_ context: Object, _ source: UnsafeBufferPointer<CChar>, StatusPointer) -> Object?
  package var createProgramWithBinary:
    @Sendable (_ context: Object, _ device: Object, UnsafeBufferPointer<UInt8>, StatusPointer)
      -> Object?
  package var buildProgram:
    @Sendable (Object, _ device: Object, _ options: UnsafePointer<CChar>) -> Status
  package var getBuildInfo:
    @Sendable (
      Object, _ device: Object, UInt32, Int, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>?
    ) -> Status
  package var getProgramInfo:
    @Sendable (Object, UInt32, Int, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>?) -> Status
  package var releaseProgram: @Sendable (Object) -> Status
  package var createKernel: @Sendable (Object, UnsafePointer<CChar>, StatusPointer) -> Object?
  package var releaseKernel: @Sendable (Object) -> Status
  package var getKernelInfo:
    @Sendable (Object, UInt32, Int, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>?) -> Status
  package var setArgument: @Sendable (Object, UInt32, Int, UnsafeRawPointer?) -> Status
  package var setSharedArgument: @Sendable (Object, UInt32, UnsafeRawPointer) -> Status

  // Launches.
  package var enqueueKernel:
    @Sendable (
      _ queue: Object, _ kernel: Object, _ dimensions: UInt32, _ global: UnsafePointer<Int>,
      _ local: UnsafePointer<Int>, _ event: UnsafeMutablePointer<Object?>?
    ) -> Status
  package var getEventTime: @Sendable (Object, UInt32, UnsafeMutablePointer<UInt64>) -> Status
  package var releaseEvent: @Sendable (Object) -> Status
}
