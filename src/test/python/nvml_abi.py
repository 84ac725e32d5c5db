"""Prints what NVIDIA's own Python package says of NVML's binary interface, a fact a line, for NvmlPythonTest."""

import ctypes
import inspect
import re

import pynvml


def structs():
    for name, value in vars(pynvml).items():
        if inspect.isclass(value) and issubclass(value, ctypes.Structure) and hasattr(value, "_fields_"):
            # An alias stands for the same class under a second name: both are told.
            yield name, value


for name, value in vars(pynvml).items():
    if isinstance(value, int) and not isinstance(value, bool) and re.match(r"(?i)nvml|\w+_v\d+$", name):
        print("constant", name, value)

for name, struct in structs():
    print("struct", name, ctypes.sizeof(struct))
    for field in struct._fields_:
        member = getattr(struct, field[0])
        print("member", name, field[0], member.offset, member.size)

for function in sorted(set(re.findall(r'_nvmlGetFunctionPointer\("(\w+)"\)', inspect.getsource(pynvml)))):
    print("function", function)
