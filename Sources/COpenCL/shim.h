#pragma once
// The version must be chosen before the first OpenCL header: a system library target takes no
// compiler settings.
#define CL_TARGET_OPENCL_VERSION 300
#include <CL/cl.h>
#include <CL/cl_ext.h>
