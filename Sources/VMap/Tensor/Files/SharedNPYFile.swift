import Device
import Glibc

/// A `.npy` file that is written where it is mapped, by one process or by several of one job.
///
/// It has another name until all rows are there; the process that is the last one gives it its own. Behind
/// the elements is a byte for each process until then, which says whether it is done.
package final class SharedNPYFile {
  private let path: String
  private let temporary: String
  private let descriptor: Int32
  private let process: LaunchedProcess
  private let headerCount: Int
  private let byteCount: Int
  let storage: Storage

  /// Makes the file, or opens it where another process of the job has made it.
  ///
  /// - Throws: ``VMapError`` where it cannot be written, or the disk has no room for all of it.
  init(
    _ path: String, _ type: TensorType, by process: LaunchedProcess, in context: Context
  ) throws(VMapError) {
    try File.check(path, to: "write", path)
    self.path = path
    self.process = process
    let header = NPYHeader.bytes(type.element, type.shape)
    headerCount = header.count
    byteCount = try Storage.byteCount(of: type.element, type.shape)
    let folder = File.folder(of: path)
    temporary = "\(folder).vmap-\(process.job)-\(path.dropFirst(folder.count)).tmp"
    let descriptor = open(temporary, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    self.descriptor = descriptor
    guard descriptor >= 0 else { throw File.failure("write", path) }
    UnfinishedFiles.add(temporary)
    // Writing to a mapped file that finds no room on the disk would end the process.
    let status = posix_fallocate(
      descriptor, 0, off_t(header.count + byteCount + process.count))
    let written = header.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    if status != 0 { errno = status }
    guard status == 0, written == header.count,
      let bytes = try? HostBytes(
        file: descriptor, offset: header.count, byteCount: byteCount, isWritten: true)
    else {
      let failure = File.failure("write", path)
      close(descriptor)
      unlink(temporary)
      UnfinishedFiles.remove(temporary)
      throw failure
    }
    let buffer = context.makeBuffer(over: bytes)
    storage = Storage(element: type.element, shape: type.shape, buffer: buffer)
  }

  deinit { close(descriptor) }

  /// Notes that this process is done; the last one gives the file its name.
  func finish() throws(VMapError) {
    let marks = headerCount + byteCount
    var mark: UInt8 = 1
    guard fsync(descriptor) == 0, pwrite(descriptor, &mark, 1, off_t(marks + process.rank)) == 1,
      fsync(descriptor) == 0
    else { throw File.failure("write", path) }
    var done = [UInt8](repeating: 0, count: process.count)
    let read = pread(descriptor, &done, done.count, off_t(marks))
    // Where the file is shorter another process has seen that all are done.
    guard read < done.count || done.allSatisfy({ $0 == 1 }) else { return }
    guard ftruncate(descriptor, off_t(marks)) == 0 else { throw File.failure("write", path) }
    if rename(temporary, path) != 0, errno != ENOENT { throw File.failure("write", path) }
    UnfinishedFiles.remove(temporary)
  }

  /// Leaves nothing behind.
  func abandon() {
    unlink(temporary)
    UnfinishedFiles.remove(temporary)
  }
}
