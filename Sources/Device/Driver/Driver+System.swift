import COpenCL

extension Driver {
  /// The table that calls the system's OpenCL loader.
  package static let system = Driver(
    getPlatforms: { clGetPlatformIDs($0, $1, $2) },
    getPlatformInfo: { clGetPlatformInfo($0, $1, $2, $3, $4) },
    getDevices: { clGetDeviceIDs($0, cl_device_type(CL_DEVICE_TYPE_ALL), $1, $2, $3) },
    getDeviceInfo: { clGetDeviceInfo($0, $1, $2, $3, $4) },
    createContext: { platform, devices, status in
      // NVIDIA's driver needs to be told the platform.
      let properties: [cl_context_properties] = [
        cl_context_properties(CL_CONTEXT_PLATFORM), Int(bitPattern: platform), 0,
      ]
      let handles: [cl_device_id?] = devices
      return clCreateContext(properties, UInt32(handles.count), handles, nil, nil, status)
    },
    releaseContext: { clReleaseContext($0) },
    createQueue: { context, device, profiling, status in
      let properties: [cl_queue_properties] = [
        cl_queue_properties(CL_QUEUE_PROPERTIES),
        profiling ? cl_queue_properties(CL_QUEUE_PROFILING_ENABLE) : 0,
        0,
      ]
      return clCreateCommandQueueWithProperties(context, device, properties, status)
    },
    releaseQueue: { clReleaseCommandQueue($0) },
    flush: { clFlush($0) },
    finish: { clFinish($0) },
    allocateShared: { context, byteCount, alignment in
      let flags = cl_svm_mem_flags(CL_MEM_READ_WRITE | CL_MEM_SVM_FINE_GRAIN_BUFFER)
      return clSVMAlloc(context, flags, byteCount, alignment)
    },
    freeShared: { clSVMFree($0, $1) },
    createBuffer: { context, byteCount, status in
      clCreateBuffer(context, cl_mem_flags(CL_MEM_READ_WRITE), byteCount, nil, status)
    },
    createSubBuffer: { buffer, origin, size, status in
      var region = cl_buffer_region(origin: origin, size: size)
      let type = cl_buffer_create_type(CL_BUFFER_CREATE_TYPE_REGION)
      return clCreateSubBuffer(buffer, 0, type, &region, status)
    },
    releaseBuffer: { clReleaseMemObject($0) },
    readBuffer: { queue, buffer, offset, byteCount, target in
      clEnqueueReadBuffer(
        queue, buffer, cl_bool(CL_TRUE), offset, byteCount, target, 0, nil, nil)
    },
    writeBuffer: { queue, buffer, offset, byteCount, source in
      clEnqueueWriteBuffer(
        queue, buffer, cl_bool(CL_TRUE), offset, byteCount, source, 0, nil, nil)
    },
    createProgram: { context, source, status in
      var text = source.baseAddress
      var length = source.count
      return clCreateProgramWithSource(context, 1, &text, &length, status)
    },
    createProgramWithBinary: { context, device, binary, status in
      var handle: cl_device_id? = device
      var length = binary.count
      var bytes = binary.baseAddress
      var binaryStatus: cl_int = 0
      return clCreateProgramWithBinary(
        context, 1, &handle, &length, &bytes, &binaryStatus, status)
    },
    buildProgram: { program, device, options in
      var handle: cl_device_id? = device
      return clBuildProgram(program, 1, &handle, options, nil, nil)
    },
    getBuildInfo: { clGetProgramBuildInfo($0, $1, $2, $3, $4, $5) },
    getProgramInfo: { clGetProgramInfo($0, $1, $2, $3, $4) },
    releaseProgram: { clReleaseProgram($0) },
    createKernel: { clCreateKernel($0, $1, $2) },
    releaseKernel: { clReleaseKernel($0) },
    getKernelInfo: { clGetKernelInfo($0, $1, $2, $3, $4) },
    setArgument: { clSetKernelArg($0, $1, $2, $3) },
    setSharedArgument: { clSetKernelArgSVMPointer($0, $1, $2) },
    enqueueKernel: { queue, kernel, dimensions, global, local, event in
      clEnqueueNDRangeKernel(queue, kernel, dimensions, nil, global, local, 0, nil, event)
    },
    getEventTime: { event, name, time in
      clGetEventProfilingInfo(event, name, MemoryLayout<cl_ulong>.size, time, nil)
    },
    releaseEvent: { clReleaseEvent($0) }
  )
}
