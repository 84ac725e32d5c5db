# The exporter on a JDK 25 runtime of the modules it uses, without a shell, for amd64 and arm64:
#   docker buildx build --platform linux/amd64,linux/arm64 -t gpu-exporter:0.1.0 .

# The jar is the same on every platform, so it is built on the builder's own.
FROM --platform=$BUILDPLATFORM docker.io/library/maven:3.9-eclipse-temurin-17 AS jar
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.m2 mvn -q -B package -DskipTests

# The runtime and JNA's library are native.
FROM docker.io/library/eclipse-temurin:25-jdk AS runtime
COPY --from=jar /src/target/lib/jna-*.jar /tmp/jna.jar
WORKDIR /opt/gpu-exporter
# JNA would unpack its library on each start; there is nowhere to unpack it to on a read-only root.
RUN case "$(uname -m)" in x86_64) arch=x86-64 ;; *) arch="$(uname -m)" ;; esac \
 && jar --extract --file /tmp/jna.jar "com/sun/jna/linux-$arch/libjnidispatch.so" \
 && mv "com/sun/jna/linux-$arch/libjnidispatch.so" . \
 && rm -r com
# jdeps also names java.desktop, java.sql, java.compiler and jdk.jfr: optional to the libraries that mention
# them, and not used. The archive without compressed pointers is for heaps of 32 GB and more.
RUN jlink --output /opt/java --no-header-files --no-man-pages --generate-cds-archive \
      --add-modules java.base,java.logging,java.management,java.naming,java.net.http,java.xml,jdk.management,jdk.unsupported \
 && rm /opt/java/lib/server/classes_nocoops.jsa

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
COPY --from=runtime /opt/java /opt/java
# What changes least comes first: the libraries are a layer of their own.
COPY --from=runtime /opt/gpu-exporter/libjnidispatch.so /opt/gpu-exporter/
COPY --from=jar /src/target/lib /opt/gpu-exporter/lib
COPY LICENSE jvm.options /opt/gpu-exporter/
COPY --from=jar /src/target/gpu-exporter.jar /opt/gpu-exporter/
# The kubelet's socket opens for UID 0 only. Without pods, any user will do: docker run --user 65532.
# hadolint ignore=DL3002
USER 0:0
EXPOSE 9400
ENTRYPOINT ["/opt/java/bin/java", "@/opt/gpu-exporter/jvm.options", \
            "-Djna.boot.library.path=/opt/gpu-exporter", "-Djna.nounpack=true", \
            "-jar", "/opt/gpu-exporter/gpu-exporter.jar"]
