import COpenMPI
import Glibc
import Synchronization
public import VMap

/// The processes that `mpirun` or `srun` started, as one mesh.
///
///     let f = vmap(simulate, mesh: .mpi)
///
/// MPI is initialised at the first use and finalised when the process exits. Calls are one at a time: MPI
/// is asked for no more than threads that take turns.
public struct MPIMesh: ProcessMesh {
  public let rank: Int
  public let count: Int

  /// What went wrong with MPI.
  public struct Failure: Error, CustomStringConvertible {
    /// The call, and what MPI says.
    public let description: String
  }

  /// The mesh of all processes; one alone where no launcher has started several.
  public static let world = MPIMesh()

  private init() {
    var isInitialised: Int32 = 0
    MPI_Initialized(&isInitialised)
    if isInitialised == 0 {
      var provided: Int32 = 0
      guard MPI_Init_thread(nil, nil, Int32(MPI_THREAD_SERIALIZED), &provided) == MPI_SUCCESS else {
        fatalError("MPI cannot be initialised")
      }
      atexit {
        var isFinalised: Int32 = 0
        MPI_Finalized(&isFinalised)
        if isFinalised == 0 { MPI_Finalize() }
      }
    }
    _ = vmap_set_errors_return()
    var rank: Int32 = 0
    var count: Int32 = 1
    MPI_Comm_rank(vmap_world(), &rank)
    MPI_Comm_size(vmap_world(), &count)
    self.rank = Int(rank)
    self.count = Int(count)
  }

  /// The most bytes that one process gives at once: MPI counts in 32 bits.
  private static let most = Int(Int32.max) / 4

  private static let turn = Mutex(())

  public func gather(
    _ own: UnsafeRawBufferPointer, _ counts: [Int]
  ) throws -> [UInt8] {
    let starts = counts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
    return try MPIMesh.turn.withLock { _ in
      try [UInt8](unsafeUninitializedCapacity: starts[counts.count]) { target, initialized in
        var done = 0
        // In rounds, as many as the longest takes.
        while done < counts.max() ?? 0 {
          let step = MPIMesh.most / max(1, count)
          let sizes = counts.map { Int32(max(0, min(step, $0 - done))) }
          try round(own, done, sizes, starts, into: target)
          done += step
        }
        initialized = starts[counts.count]
      }
    }
  }

  /// Gathers some bytes of each process, from a place on.
  private func round(
    _ own: UnsafeRawBufferPointer, _ done: Int, _ sizes: [Int32], _ starts: [Int],
    into target: UnsafeMutableBufferPointer<UInt8>
  ) throws {
    let offsets = sizes.reduce(into: [Int32(0)]) { $0.append($0[$0.count - 1] + $1) }
    let total = Int(offsets[sizes.count])
    let piece = UnsafeMutableRawPointer.allocate(byteCount: max(1, total), alignment: 16)
    defer { piece.deallocate() }
    let source = sizes[rank] > 0 ? own.baseAddress.map { $0 + done } : nil
    let status = MPI_Allgatherv(
      source, sizes[rank], vmap_byte(), piece, sizes, offsets, vmap_byte(), vmap_world())
    guard status == MPI_SUCCESS else {
      var text = [CChar](repeating: 0, count: Int(MPI_MAX_ERROR_STRING))
      var length: Int32 = 0
      MPI_Error_string(status, &text, &length)
      let reason = String(decoding: text.prefix(Int(length)).map(UInt8.init), as: UTF8.self)
      throw Failure(description: "MPI_Allgatherv failed: \(reason)")
    }
    guard let base = target.baseAddress else { return }
    for (rank, size) in sizes.enumerated() where size > 0 {
      UnsafeMutableRawPointer(base + starts[rank] + done)
        .copyMemory(from: piece + Int(offsets[rank]), byteCount: Int(size))
    }
  }
}

extension ProcessMesh where Self == MPIMesh {
  /// The processes that `mpirun` or `srun` started.
  public static var mpi: MPIMesh { .world }
}
