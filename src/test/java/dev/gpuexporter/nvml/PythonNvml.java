package dev.gpuexporter.nvml;

import dev.gpuexporter.nvml.Struct.Member;
import dev.gpuexporter.testing.Command;
import dev.gpuexporter.testing.Tool;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the Python package nvidia-ml-py says, as src/test/python/nvml_abi.py prints it. */
record PythonNvml(
        Map<String, Integer> constants,
        Map<String, Integer> structSizes,
        Map<String, List<Member>> structMembers,
        Set<String> functions) {

    static PythonNvml read() {
        PythonNvml python = new PythonNvml(new HashMap<>(), new HashMap<>(), new HashMap<>(), new HashSet<>());
        Command.run(Tool.PYNVML.require().toString(), "src/test/python/nvml_abi.py")
                .lines()
                .map(line -> line.split(" "))
                .forEach(python::add);
        return python;
    }

    private void add(String[] fact) {
        String name = fact[1];
        switch (fact[0]) {
            // C's unsigned numbers wrap into Java's int, as they do in the constants they are compared with.
            case "constant" -> constants.put(name, new BigInteger(fact[2]).intValue());
            case "struct" -> structSizes.put(name, Integer.parseInt(fact[2]));
            case "member" ->
                structMembers.computeIfAbsent(name, struct -> new ArrayList<>()).add(member(fact));
            case "function" -> functions.add(name);
            default -> throw new AssertionError("nvml_abi.py prints " + String.join(" ", fact));
        }
    }

    private static Member member(String[] fact) {
        return new Member(fact[2], Integer.parseInt(fact[3]), Integer.parseInt(fact[4]));
    }
}
