"""What an API server would refuse, or drop unsaid, of the objects on standard input: one line a problem.

The input is JSON: lists of objects by the name of where they come from. Kubernetes' own kinds are held to the
schemas that kubernetes-validate carries, the operators' to their CRDs in .venv/schemas, which .ci/cluster-tools
fetches. Unknown fields are refused by both. Kubernetes leaves the values of its enums out of its schemas; they are
read off the Go types that the schemas are made from. CEL rules of the CRDs are not run.
"""

import json
import pathlib
import re
import sys

import jsonschema
import kubernetes_validate
import referencing
import yaml

SCHEMAS = pathlib.Path(".venv/schemas")
DEFINITIONS = "https://kubernetes.io/api/_definitions.json"
# The oldest and the newest that the manifests are made for.
VERSIONS = ("1.25", "1.37")

CONSTANT = re.compile(r'^\t\w+\s+(\w+)\s+=\s+"(.*)"', re.MULTILINE)
ENUM = re.compile(r"^// \+enum\n(?://.*\n)*type (\w+) string", re.MULTILINE)
STRUCT = re.compile(r"^type (\w+) struct \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
FIELD = re.compile(r'^\t\w+\s+([\[\]*]*)(?:v1\.)?(\w+)\s+`json:"(\w+)', re.MULTILINE)


def enum_values():
    """By a definition of Kubernetes, a field of it, whether that is a list, and what it may be."""
    sources = {file.stem: file.read_text() for file in SCHEMAS.glob("*.go")}
    values = {name: [] for source in sources.values() for name in ENUM.findall(source)}
    for source in sources.values():
        for name, value in CONSTANT.findall(source):
            if name in values:
                values[name].append(value)
    for group, source in sources.items():
        for struct, body in STRUCT.findall(source):
            for prefix, type_name, field in FIELD.findall(body):
                if type_name in values:
                    yield f"io.k8s.api.{group}.v1.{struct}", field, "[]" in prefix, values[type_name]


def definitions(version):
    directory = pathlib.Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema"
    contents = json.loads((directory / f"v{version}.0-local-strict" / "_definitions.json").read_text())
    for definition, field, is_list, values in enum_values():
        schema = contents["$defs"].get(definition, {}).get("properties", {}).get(field)
        if schema:
            (schema["items"] if is_list else schema)["enum"] = [*values, None]
    return contents


def strict(schema):
    """A CRD's schema as the API server takes it under strict validation."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: strict(part) for key, part in schema.items()}
    if isinstance(schema.get("properties"), dict) and not schema.get("x-kubernetes-preserve-unknown-fields"):
        closed.setdefault("additionalProperties", False)
    if schema.get("nullable") is True:
        closed["type"] = [schema["type"], "null"]
    return closed


def custom_schemas():
    for file in SCHEMAS.glob("*.yaml"):
        spec = yaml.safe_load(file.read_text())["spec"]
        for version in spec["versions"]:
            schema = strict(version["schema"]["openAPIV3Schema"])
            schema["properties"]["metadata"] = {
                "$ref": f"{DEFINITIONS}#/$defs/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
            }
            yield (spec["group"], version["name"], spec["names"]["kind"]), schema


class Cluster:
    """The kinds that a cluster of one version knows, with the operators' beside its own."""

    def __init__(self, version):
        self.version = version
        contents = definitions(version)
        self.registry = referencing.Registry().with_resource(
            DEFINITIONS, referencing.Resource.from_contents(contents)
        )
        self.schemas = dict(custom_schemas())
        for name, definition in contents["$defs"].items():
            for kind in definition.get("x-kubernetes-group-version-kind", []):
                self.schemas[kind["group"], kind["version"], kind["kind"]] = {"$ref": f"{DEFINITIONS}#/$defs/{name}"}

    def problems(self, thing):
        group, _, version = thing.get("apiVersion", "").rpartition("/")
        schema = self.schemas.get((group, version, thing.get("kind")))
        if not schema:
            yield f"no such kind: {thing.get('apiVersion')} {thing.get('kind')}"
            return
        for error in jsonschema.Draft202012Validator(schema, registry=self.registry).iter_errors(thing):
            yield f"{'.'.join(map(str, error.absolute_path)) or 'the object'}: {error.message}"


def main():
    sources = json.load(sys.stdin)
    for cluster in map(Cluster, VERSIONS):
        for source, objects in sources.items():
            for thing in objects:
                name = f"{thing.get('kind')} {thing.get('metadata', {}).get('name')}"
                for problem in cluster.problems(thing):
                    print(f"{source}: {name}: {problem} (Kubernetes {cluster.version})")


if __name__ == "__main__":
    main()
