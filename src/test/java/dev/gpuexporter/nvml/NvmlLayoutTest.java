package dev.gpuexporter.nvml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.nvml.Struct.Member;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The layouts of {@link NvmlStructs} and the codes of {@link NvmlReturn}, as a C compiler sees them. */
class NvmlLayoutTest {
    @Test
    void aCCompilerLaysEveryStructOutAsWeDo() throws IOException {
        StringBuilder source = new StringBuilder("#include \"nvml.h\"\n");
        for (Struct struct : DeclaredStructs.all()) {
            struct(source, struct);
        }
        for (NvmlReturn code : NvmlReturn.values()) {
            String name = code == NvmlReturn.SUCCESS ? "NVML_SUCCESS" : "NVML_ERROR_" + code;
            source.append(
                    "#ifdef %s\n_Static_assert(%s == %d, \"%s\");\n#endif\n".formatted(name, name, code.code(), name));
        }

        Path file = CompiledNvml.created("layout").resolve("layout.c");
        Files.writeString(file, source);
        CompiledNvml.check(file);
    }

    @Test
    void theStructsAreFound() {
        assertThat(DeclaredStructs.all())
                .extracting(Struct::cName)
                .contains("nvmlPciInfo_t", "nvmlFieldValue_t")
                .doesNotHaveDuplicates();
    }

    private static void struct(StringBuilder source, Struct struct) {
        String type = struct.cName();
        source.append("SIZE(%s, %d);\n".formatted(type, struct.size()));
        for (Member member : struct.members()) {
            source.append("AT(%s, %s, %d);\n".formatted(type, member.name(), member.offset()));
            source.append("_Static_assert(sizeof(((%s *)0)->%s) == %d, \"sizeof %s.%s\");\n"
                    .formatted(type, member.name(), member.size(), type, member.name()));
        }
    }
}
