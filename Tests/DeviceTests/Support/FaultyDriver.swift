import Device
import Synchronization

/// A driver that passes every call on, counts what is created and released, and fails on request.
final class FaultyDriver: Sendable {
  /// Fails some calls of one function.
  private struct Fault {
    var status: Int32
    /// How many calls succeed first.
    var skip: Int
    /// How many calls fail after that.
    var times: Int
  }

  private struct State {
    var calls: [String: Int] = [:]
    var created: [String: Int] = [:]
    var released: [String: Int] = [:]
    var faults: [String: Fault] = [:]
  }

  private let state = Mutex(State())
  private let real = Driver.system

  /// Makes calls of a function fail from now on.
  func fail(_ function: String, _ status: Int32, skip: Int = 0, times: Int = .max) {
    state.withLock { $0.faults[function] = Fault(status: status, skip: skip, times: times) }
  }

  /// Makes everything work again.
  func heal() { state.withLock { $0.faults = [:] } }

  /// How often each function was called.
  var calls: [String: Int] { state.withLock { $0.calls } }

  /// Objects of each kind created but not released; negative when released too often.
  var live: [String: Int] {
    state.withLock { state in
      state.created.merging(state.released.mapValues(-)) { $0 + $1 }.filter { $0.value != 0 }
    }
  }

  /// How many objects of a kind were created.
  func created(_ kind: String) -> Int { state.withLock { $0.created[kind] ?? 0 } }

  /// The table to give to a context.
  var driver: Driver {
    var driver = Driver.system
    addContexts(&driver)
    addMemory(&driver)
    addPrograms(&driver)
    addLaunches(&driver)
    return driver
  }

  /// Counts a call, and gives the status to fail with when it is to fail.
  private func enter(_ function: String) -> Int32? {
    state.withLock { state in
      state.calls[function, default: 0] += 1
      guard var fault = state.faults[function] else { return nil }
      defer { state.faults[function] = fault }
      if fault.skip > 0 {
        fault.skip -= 1
        return nil
      }
      guard fault.times > 0 else { return nil }
      fault.times -= 1
      return fault.status
    }
  }

  private func note(_ kind: String) { state.withLock { $0.created[kind, default: 0] += 1 } }

  private func create(
    _ function: String, _ kind: String, _ status: UnsafeMutablePointer<Int32>,
    _ body: () -> OpaquePointer?
  ) -> OpaquePointer? {
    if let failure = enter(function) {
      status.pointee = failure
      return nil
    }
    let object = body()
    if object != nil { note(kind) }
    return object
  }

  private func release(_ function: String, _ kind: String, _ body: () -> Int32) -> Int32 {
    let failure = enter(function)
    state.withLock { $0.released[kind, default: 0] += 1 }
    let status = body()
    return failure ?? status
  }

  private func addContexts(_ driver: inout Driver) {
    let real = real
    driver.getPlatforms = { self.enter("clGetPlatformIDs") ?? real.getPlatforms($0, $1, $2) }
    driver.getPlatformInfo = {
      self.enter("clGetPlatformInfo") ?? real.getPlatformInfo($0, $1, $2, $3, $4)
    }
    driver.getDevices = { self.enter("clGetDeviceIDs") ?? real.getDevices($0, $1, $2, $3) }
    driver.getDeviceInfo = {
      self.enter("clGetDeviceInfo") ?? real.getDeviceInfo($0, $1, $2, $3, $4)
    }
    driver.createContext = { platform, devices, status in
      self.create("clCreateContext", "context", status) {
        real.createContext(platform, devices, status)
      }
    }
    driver.releaseContext = { raw in
      self.release("clReleaseContext", "context") { real.releaseContext(raw) }
    }
    driver.createQueue = { context, device, profiling, status in
      self.create("clCreateCommandQueueWithProperties", "queue", status) {
        real.createQueue(context, device, profiling, status)
      }
    }
    driver.releaseQueue = { raw in
      self.release("clReleaseCommandQueue", "queue") { real.releaseQueue(raw) }
    }
    driver.flush = { self.enter("clFlush") ?? real.flush($0) }
    driver.finish = { queue in
      // A failing finish still waits, as nothing else would.
      let failure = self.enter("clFinish")
      let status = real.finish(queue)
      return failure ?? status
    }
  }

  private func addMemory(_ driver: inout Driver) {
    let real = real
    driver.allocateShared = { context, byteCount, alignment in
      guard self.enter("clSVMAlloc") == nil else { return nil }
      let pointer = real.allocateShared(context, byteCount, alignment)
      if pointer != nil { self.note("shared") }
      return pointer
    }
    driver.freeShared = { context, pointer in
      _ = self.release("clSVMFree", "shared") {
        real.freeShared(context, pointer)
        return 0
      }
    }
    driver.createBuffer = { context, byteCount, status in
      self.create("clCreateBuffer", "buffer", status) {
        real.createBuffer(context, byteCount, status)
      }
    }
    driver.createSubBuffer = { buffer, origin, size, status in
      self.create("clCreateSubBuffer", "buffer", status) {
        real.createSubBuffer(buffer, origin, size, status)
      }
    }
    driver.releaseBuffer = { raw in
      self.release("clReleaseMemObject", "buffer") { real.releaseBuffer(raw) }
    }
    driver.readBuffer = {
      self.enter("clEnqueueReadBuffer") ?? real.readBuffer($0, $1, $2, $3, $4)
    }
    driver.writeBuffer = {
      self.enter("clEnqueueWriteBuffer") ?? real.writeBuffer($0, $1, $2, $3, $4)
    }
  }

  private func addPrograms(_ driver: inout Driver) {
    let real = real
    driver.createProgram = { context, source, status in
      self.create("clCreateProgramWithSource", "program", status) {
        real.createProgram(context, source, status)
      }
    }
    driver.createProgramWithBinary = { context, device, binary, status in
      self.create("clCreateProgramWithBinary", "program", status) {
        real.createProgramWithBinary(context, device, binary, status)
      }
    }
    driver.buildProgram = { self.enter("clBuildProgram") ?? real.buildProgram($0, $1, $2) }
    driver.getBuildInfo = {
      self.enter("clGetProgramBuildInfo") ?? real.getBuildInfo($0, $1, $2, $3, $4, $5)
    }
    driver.getProgramInfo = {
      self.enter("clGetProgramInfo") ?? real.getProgramInfo($0, $1, $2, $3, $4)
    }
    driver.releaseProgram = { raw in
      self.release("clReleaseProgram", "program") { real.releaseProgram(raw) }
    }
    driver.createKernel = { program, name, status in
      self.create("clCreateKernel", "kernel", status) { real.createKernel(program, name, status) }
    }
    driver.releaseKernel = { raw in
      self.release("clReleaseKernel", "kernel") { real.releaseKernel(raw) }
    }
    driver.getKernelInfo = {
      self.enter("clGetKernelInfo") ?? real.getKernelInfo($0, $1, $2, $3, $4)
    }
  }

  private func addLaunches(_ driver: inout Driver) {
    let real = real
    driver.setArgument = { self.enter("clSetKernelArg") ?? real.setArgument($0, $1, $2, $3) }
    driver.setSharedArgument = {
      self.enter("clSetKernelArgSVMPointer") ?? real.setSharedArgument($0, $1, $2)
    }
    driver.enqueueKernel = { queue, kernel, dimensions, global, local, event in
      if let failure = self.enter("clEnqueueNDRangeKernel") { return failure }
      let status = real.enqueueKernel(queue, kernel, dimensions, global, local, event)
      if status == 0, event != nil { self.note("event") }
      return status
    }
    driver.getEventTime = { self.enter("clGetEventProfilingInfo") ?? real.getEventTime($0, $1, $2) }
    driver.releaseEvent = { raw in
      self.release("clReleaseEvent", "event") { real.releaseEvent(raw) }
    }
  }
}
