"""What the compilers of GPUs make of a program: registers, spills and local memory."""
import functools
import glob
import re
import subprocess
import sysconfig
from pathlib import Path

LIBRARY = "/usr/lib/clc/nvptx64--nvidiacl.bc"
CLANG = [
    "clang-15", "-x", "cl", "-cl-std=CL1.2", "-Xclang", "-finclude-default-header", "-target",
    "nvptx64--nvidiacl", "-O3", "-w", "-Xclang", "-mlink-bitcode-file", "-Xclang", LIBRARY, "-S"]


@functools.lru_cache(maxsize=None)
def assembler():
    """CUDA's ptxas, from the packages of this Python; None where there is none."""
    found = glob.glob(f"{sysconfig.get_paths()['purelib']}/nvidia/*/bin/ptxas")
    if not found:
        print("ptxas is missing (pip install nvidia-cuda-nvcc): registers and spills are not known")
    return found[0] if found else None


@functools.lru_cache(maxsize=None)
def compiled(source, architecture):
    """What ptxas says of a program."""
    source = Path(source)
    ptx = source.with_suffix(".ptx")
    if not ptx.exists():
        subprocess.run(CLANG + ["-o", ptx, source], check=True, stderr=subprocess.PIPE)
    result = subprocess.run(
        [assembler(), f"-arch={architecture}", "-v", ptx, "-o", source.with_suffix(".cubin")],
        check=True, stderr=subprocess.PIPE, text=True)
    return result.stderr


def resources(source, kernel, architecture="sm_90"):
    """Registers and bytes of a kernel."""
    if not assembler():
        return {}
    try:
        text = compiled(str(source), architecture)
    except subprocess.CalledProcessError as error:
        return {"error": str(error.stderr)[-300:]}
    own = re.search(rf"Compiling entry function '{kernel}'(.*?)(?=Compiling entry|\Z)", text, re.S)
    if not own:
        return {"error": f"{kernel} is not in the program"}

    def number(pattern):
        found = re.search(pattern, own[1])
        return int(found[1]) if found else 0

    return {
        "registers": number(r"Used (\d+) registers"),
        "spills": number(r"(\d+) bytes spill stores"),
        "stack": number(r"(\d+) bytes stack frame"),
        "local": number(r"(\d+) bytes smem"),
    }
