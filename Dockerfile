# The exporter on a JDK 25 runtime of the modules it uses, without a shell, for amd64 and arm64:
#   docker buildx build --platform linux/amd64,linux/arm64 -t gpu-exporter:0.1.0 .

# The jar is the same on every platform, so it is built on the builder's own.
FROM --platform=$BUILDPLATFORM docker.io/library/maven:3.9-eclipse-temurin-17 AS jar
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.m2 mvn -q -B package -DskipTests

# The runtime, JNA's library and the archive of loaded classes are each platform's own. Where that is not the
# builder's, the exporter runs under emulation here, for the archive.
FROM docker.io/library/eclipse-temurin:25-jdk AS runtime
WORKDIR /src
COPY jvm.options ./
COPY src/image src/image
COPY --from=jar /src/target/lib target/lib
COPY --from=jar /src/target/gpu-exporter.jar /src/target/gpu-exporter.cdx.json target/
RUN src/image/assemble /opt/gpu-exporter

# Distroless tags its images by Debian release alone.
# hadolint ignore=DL3006
FROM gcr.io/distroless/base-nossl-debian12
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="gpu-exporter" \
      org.opencontainers.image.description="A Prometheus exporter for the NVIDIA GPUs of a Kubernetes node" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
# What the NVIDIA container runtime brings in: every GPU, and of the driver NVML alone.
ENV NVIDIA_VISIBLE_DEVICES=all \
    NVIDIA_DRIVER_CAPABILITIES=utility
# The C library would keep memory for each of the few threads that ever allocate: 10 MiB more.
ENV MALLOC_ARENA_MAX=1
# What changes least comes first: the runtime and the libraries are layers of their own.
COPY --from=runtime /opt/gpu-exporter/java /opt/gpu-exporter/java
COPY --from=runtime /opt/gpu-exporter/lib /opt/gpu-exporter/lib
COPY --from=runtime /opt/gpu-exporter/libjnidispatch.so /opt/gpu-exporter/
COPY LICENSE NOTICE /opt/gpu-exporter/
COPY --from=runtime /opt/gpu-exporter/sbom.json /opt/gpu-exporter/
# Where DCGM's exporter has its lists of counters, for those who name one of them.
COPY --from=jar /src/src/main/resources/dcgm-exporter /etc/dcgm-exporter
COPY --from=runtime /opt/gpu-exporter/gpu-exporter.jar /opt/gpu-exporter/gpu-exporter.jsa /opt/gpu-exporter/jvm.options \
     /opt/gpu-exporter/
# The kubelet's socket opens for UID 0 only. Without pods, any user will do: docker run --user 65532.
# hadolint ignore=DL3002
USER 0:0
EXPOSE 9400
# Kubernetes has its own probes. A JVM's start is not free: this takes about a thousandth of a core.
HEALTHCHECK --interval=5m --timeout=10s --start-period=10s --retries=2 \
    CMD ["/opt/gpu-exporter/java/bin/java", "@/opt/gpu-exporter/jvm.options", "healthy"]
# The options end with -jar and the jar; what docker run is given comes after them.
ENTRYPOINT ["/opt/gpu-exporter/java/bin/java", "@/opt/gpu-exporter/jvm.options"]
