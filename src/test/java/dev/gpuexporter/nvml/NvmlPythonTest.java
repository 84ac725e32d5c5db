package dev.gpuexporter.nvml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.nvml.Struct.Member;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Names, numbers and layouts against the Python package in which NVIDIA writes the same interface down. */
class NvmlPythonTest {
    /** Functions that the package does not bind under their own name, each with the reason why we call it. */
    private static final Map<String, String> NOT_IN_PYTHON = Map.of(
            "nvmlInit_v2", "the package initializes by nvmlInitWithFlags, which older drivers lack",
            "nvmlDeviceGetComputeRunningProcesses", "the package begins at the second version",
            "nvmlDeviceGetGraphicsRunningProcesses", "the package begins at the second version",
            "nvmlDeviceGetMPSComputeRunningProcesses", "the package begins at the second version");

    /** Structs whose class is called neither c_NAME nor NAME. */
    private static final Map<String, String> CALLED_OTHERWISE = Map.of(
            "nvmlDeviceAttributes_t", "c_nvmlDeviceAttributes",
            "nvmlRowRemapperHistogramValues_t", "c_nvmlRowRemapperHistogramValues");

    /** Where the package writes a member otherwise than the header does: STRUCT.MEMBER by our name → the package's. */
    private static final Map<String, Member> WRITTEN_OTHERWISE = Map.of(
            // An unsigned char with three bytes of padding behind it, which the package takes for an unsigned int.
            "nvmlGpuFabricInfo_t.state", new Member("state", 24, 4),
            "nvmlGpuFabricInfo_v2_t.state", new Member("state", 28, 4),
            "nvmlGpuFabricInfo_v3_t.state", new Member("state", 28, 4));

    private static final Pattern VERSIONED_STRUCT = Pattern.compile("(\\w+_v(\\d+))_t");

    private static PythonNvml python;

    @BeforeAll
    static void askPython() {
        python = PythonNvml.read();
    }

    @Test
    void everyConstantIsNvidias() throws IllegalAccessException {
        for (Field constant : NvmlConstants.class.getFields()) {
            assertThat(python.constants().get(constant.getName()))
                    .as("%s by NVIDIA's own bindings for Python; null: they know no such name", constant.getName())
                    .isEqualTo(constant.get(null));
        }
    }

    @Test
    void everyReturnCodeIsNvidias() {
        for (NvmlReturn code : NvmlReturn.values()) {
            String name = code == NvmlReturn.SUCCESS ? "NVML_SUCCESS" : "NVML_ERROR_" + code;
            assertThat(python.constants().get(name)).as(name).isEqualTo(code.code());
        }
    }

    @Test
    void noReturnCodeOfNvidiasIsUnknownToUs() {
        assertThat(python.constants().keySet())
                .filteredOn(name -> name.startsWith("NVML_ERROR_"))
                .allSatisfy(name ->
                        assertThat(NvmlReturn.of(python.constants().get(name))).hasToString(name.substring(11)));
    }

    @Test
    void everyStructIsLaidOutAsNvidias() {
        for (Struct struct : DeclaredStructs.all()) {
            String name = pythonName(struct);
            assertThat(python.structSizes().get(name)).as("sizeof " + name).isEqualTo(struct.size());
            assertThat(members(struct))
                    .as(name)
                    .isEqualTo(python.structMembers().get(name));
        }
    }

    @Test
    void everyVersionWordIsNvidias() {
        List<Matcher> versioned = DeclaredStructs.all().stream()
                .filter(struct -> struct.members().get(0).name().equals("version"))
                .map(struct -> VERSIONED_STRUCT.matcher(struct.cName()))
                .filter(Matcher::matches)
                .toList();
        assertThat(versioned).isNotEmpty();
        for (Matcher name : versioned) {
            // The package leaves nvml out of a few of these names.
            Integer word = python.constants()
                    .getOrDefault(
                            name.group(1), python.constants().get(name.group(1).replaceFirst("^nvml", "")));
            assertThat(word).as(name.group(1)).isEqualTo(struct(name.group()).version(Integer.parseInt(name.group(2))));
        }
    }

    @Test
    void everyFunctionIsNvidias() {
        assertThat(Stream.of(NvmlLibrary.class.getDeclaredMethods()).map(Method::getName))
                .allSatisfy(function -> assertThat(python.functions().contains(function))
                        .as(function)
                        .isNotEqualTo(NOT_IN_PYTHON.containsKey(function)));
    }

    private static Struct struct(String cName) {
        return DeclaredStructs.all().stream()
                .filter(struct -> struct.cName().equals(cName))
                .findFirst()
                .orElseThrow();
    }

    /** Most of the package's classes put c_ before C's name; a few do not. */
    private static String pythonName(Struct struct) {
        String prefixed = CALLED_OTHERWISE.getOrDefault(struct.cName(), "c_" + struct.cName());
        return python.structSizes().containsKey(prefixed) ? prefixed : struct.cName();
    }

    private static List<Member> members(Struct struct) {
        return struct.members().stream()
                .map(member -> WRITTEN_OTHERWISE.getOrDefault(struct.cName() + "." + member.name(), member))
                .toList();
    }
}
