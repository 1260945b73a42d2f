/// A failure of a device, or of a request to it.
public struct DeviceError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What went wrong, for programs; the message is for people.
  public enum Kind: Sendable, Hashable {
    /// No OpenCL implementation is installed.
    case noPlatform
    /// There are OpenCL implementations, but none has a device.
    case noDevice
    /// The device asked for is not there.
    case invalidSelection
    /// The profile asked for does not exist.
    case invalidProfile
    /// The device's compiler refused a program; the log is in the error.
    case buildFailed
    /// The device's memory does not suffice, also after everything unused was given back.
    case allocationFailed
    /// An argument is out of its range.
    case invalidArgument
    /// A size does not fit the machine's integers.
    case sizeOverflow
    /// A kernel could not be started, or failed while it ran.
    case launchFailed
    /// The device stopped working; its context can no longer be used.
    case deviceLost
    /// The process was forked after its parent had used OpenCL.
    case forked
    /// Another call of the driver failed.
    case call
  }

  /// What went wrong.
  public let kind: Kind
  /// What happened and what to do about it.
  public let message: String
  /// The driver's status code, where a call of the driver failed.
  public let status: Int32?
  /// The compiler's log, where a build failed.
  public let buildLog: String?

  /// Makes an error.
  ///
  /// - Parameters:
  ///   - kind: What went wrong.
  ///   - message: What happened and what to do about it.
  ///   - status: The driver's status code, where a call failed.
  ///   - buildLog: The compiler's log, where a build failed.
  public init(_ kind: Kind, _ message: String, status: Int32? = nil, buildLog: String? = nil) {
    self.kind = kind
    self.message = message
    self.status = status
    self.buildLog = buildLog
  }

  /// The name of the status code in the OpenCL headers, such as `CL_OUT_OF_RESOURCES`.
  public var statusName: String? { status.map(DeviceError.name(ofStatus:)) }

  /// The message, the status and, where a build failed, the compiler's log.
  public var description: String {
    var text = message
    if let status, let statusName { text += " [\(statusName), \(status)]" }
    if let buildLog, !buildLog.isEmpty { text += "\n\(buildLog)" }
    return text
  }
}

extension DeviceError {
  /// Throws when a call of the driver did not succeed.
  static func check(
    _ status: Int32, _ call: StaticString, _ doing: @autoclosure () -> String, as kind: Kind = .call
  ) throws(DeviceError) {
    guard status != 0 else { return }
    throw DeviceError(kind, "\(call) failed \(doing())", status: status)
  }

  /// Codes that leave the context unusable when they surface at a finish or a read: on GPUs an
  /// access out of bounds shows as one of them.
  static func meansLoss(_ status: Int32) -> Bool {
    switch status {
    case Status.outOfResources, Status.deviceNotAvailable, Status.invalidCommandQueue,
      Status.invalidContext, Status.contextTerminated, Status.nvidiaIllegalAccess:
      true
    default: false
    }
  }

  /// Codes that say that memory ran out.
  static func meansExhaustion(_ status: Int32) -> Bool {
    switch status {
    case Status.memoryAllocationFailure, Status.outOfResources, Status.outOfHostMemory: true
    default: false
    }
  }
}

/// The status codes that the module tells apart.
enum Status {
  static let deviceNotFound: Int32 = -1
  static let deviceNotAvailable: Int32 = -2
  static let memoryAllocationFailure: Int32 = -4
  static let outOfResources: Int32 = -5
  static let outOfHostMemory: Int32 = -6
  static let invalidContext: Int32 = -34
  static let invalidCommandQueue: Int32 = -36
  static let invalidKernelName: Int32 = -46
  static let platformNotFound: Int32 = -1001
  static let contextTerminated: Int32 = -1121
  static let nvidiaIllegalAccess: Int32 = -9999
}
