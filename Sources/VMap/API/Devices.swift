import Device
import Synchronization

/// The devices that a batch is shared out among.
///
///     let f = vmap(simulate, devices: .all)
///     let g = vmap(simulate, devices: ["0:0", "intel"])
///
/// Each takes parts of the batch, by how fast it has been; who computes what changes no bit. Results are
/// on the first device, which is the one that tensors live on where it is among them.
public enum Devices: Sendable, Hashable {
  /// All devices of all drivers.
  case all
  /// All GPUs.
  case gpus
  /// Devices as `VMAP_DEVICE` names them, each `platform:device`, a kind or a part of a name.
  case named([String])
}

extension Devices: ExpressibleByArrayLiteral {
  /// Devices as `VMAP_DEVICE` names them.
  public init(arrayLiteral names: String...) { self = .named(names) }
}

extension Devices {
  /// The contexts of devices other than the one that tensors live on, each made once.
  private static let made = Mutex<[String: Context]>([:])

  /// The devices' contexts.
  ///
  /// - Parameter own: The context that tensors live on, which comes first if it is among them.
  /// - Throws: ``VMapError`` of the kind `device` where there is no such device.
  func contexts(first own: Context) throws(VMapError) -> [Context] {
    let names = try names()
    guard !names.isEmpty else {
      throw VMapError(.invalidArgument, "devices is \(self), and there is no such device")
    }
    var contexts: [Context] = []
    for name in names {
      let context = try Devices.context(name, own)
      if !contexts.contains(where: { $0.has(context.deviceDescription) }) {
        contexts.append(context)
      }
    }
    if let position = contexts.firstIndex(where: { $0 === own }) { contexts.swapAt(0, position) }
    return contexts
  }

  private func names() throws(VMapError) -> [String] {
    if case .named(let names) = self { return names }
    return try VMapError.onDevice { () throws(DeviceError) in
      try Context.separateDevices(self == .gpus ? .gpu : nil).map(\.index)
    }
  }

  /// The context for a name: the given one, where that has the device.
  private static func context(_ name: String, _ own: Context) throws(VMapError) -> Context {
    try made.withLock { made throws(VMapError) in
      if let known = made[name], !known.wasLost {
        return own.has(known.deviceDescription) ? own : known
      }
      let context = try VMapError.onDevice { () throws(DeviceError) in try Context(device: name) }
      made[name] = context
      return own.has(context.deviceDescription) ? own : context
    }
  }
}
