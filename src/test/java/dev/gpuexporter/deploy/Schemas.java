package dev.gpuexporter.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpuexporter.testing.Command;
import dev.gpuexporter.testing.Tool;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Kubernetes' own schemas and the operators' CRDs, as an API server holds objects to them that is told to be strict. */
final class Schemas {
    private static final String SCRIPT = "src/test/python/manifest_problems.py";

    private Schemas() {}

    /** A line for each thing that would be refused or dropped, of objects by where they come from. */
    static List<String> problems(Map<String, Manifests> sources) {
        Map<String, List<JsonNode>> objects = new TreeMap<>();
        sources.forEach((name, manifests) -> objects.put(name, manifests.objects()));
        try {
            byte[] json = new ObjectMapper().writeValueAsString(objects).getBytes(StandardCharsets.UTF_8);
            return Command.fed(json, Tool.SCHEMAS.require().toString(), SCRIPT)
                    .lines()
                    .toList();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
