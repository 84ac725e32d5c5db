package dev.gpuexporter.nvml;

import static dev.gpuexporter.nvml.NvmlConstants.NVML_GPU_FABRIC_UUID_LEN;

import dev.gpuexporter.nvml.Struct.Member;

/** The structs of {@code nvml.h} that we read, member by member, in the header's order and by its names. */
public final class NvmlStructs {
    private NvmlStructs() {}

    /** Where a GPU sits on the PCI bus. */
    public static final class PciInfo {
        public static final Struct LAYOUT = new Struct("nvmlPciInfo_t");
        public static final Member BUS_ID_LEGACY = LAYOUT.chars("busIdLegacy", 16);
        public static final Member DOMAIN = LAYOUT.u32("domain");
        public static final Member BUS = LAYOUT.u32("bus");
        public static final Member DEVICE = LAYOUT.u32("device");
        public static final Member PCI_DEVICE_ID = LAYOUT.u32("pciDeviceId");
        public static final Member PCI_SUB_SYSTEM_ID = LAYOUT.u32("pciSubSystemId");
        public static final Member BUS_ID = LAYOUT.chars("busId", 32);

        private PciInfo() {}
    }

    /** Percent of the driver's last sample period. */
    public static final class Utilization {
        public static final Struct LAYOUT = new Struct("nvmlUtilization_t");
        public static final Member GPU = LAYOUT.u32("gpu");
        public static final Member MEMORY = LAYOUT.u32("memory");

        private Utilization() {}
    }

    /** Bytes; {@code used} includes what the driver reserves. */
    public static final class MemoryV1 {
        public static final Struct LAYOUT = new Struct("nvmlMemory_t");
        public static final Member TOTAL = LAYOUT.u64("total");
        public static final Member FREE = LAYOUT.u64("free");
        public static final Member USED = LAYOUT.u64("used");

        private MemoryV1() {}
    }

    /** Bytes; {@code used} without {@code reserved}. */
    public static final class MemoryV2 {
        public static final Struct LAYOUT = new Struct("nvmlMemory_v2_t");
        public static final Member VERSION = LAYOUT.u32("version");
        public static final Member TOTAL = LAYOUT.u64("total");
        public static final Member RESERVED = LAYOUT.u64("reserved");
        public static final Member FREE = LAYOUT.u64("free");
        public static final Member USED = LAYOUT.u64("used");

        private MemoryV2() {}
    }

    /** Bytes of the window through which the host reaches the GPU's memory. */
    public static final class Bar1Memory {
        public static final Struct LAYOUT = new Struct("nvmlBAR1Memory_t");
        public static final Member TOTAL = LAYOUT.u64("bar1Total");
        public static final Member FREE = LAYOUT.u64("bar1Free");
        public static final Member USED = LAYOUT.u64("bar1Used");

        private Bar1Memory() {}
    }

    /** One sensor's temperature, °C. */
    public static final class Temperature {
        public static final Struct LAYOUT = new Struct("nvmlTemperature_v1_t");
        public static final Member VERSION = LAYOUT.u32("version");
        public static final Member SENSOR_TYPE = LAYOUT.u32("sensorType");
        public static final Member TEMPERATURE = LAYOUT.u32("temperature");

        private Temperature() {}
    }

    /** How far the GPU is below the temperature at which it slows down, °C. */
    public static final class MarginTemperature {
        public static final Struct LAYOUT = new Struct("nvmlMarginTemperature_v1_t");
        public static final Member VERSION = LAYOUT.u32("version");
        public static final Member MARGIN_TEMPERATURE = LAYOUT.u32("marginTemperature");

        private MarginTemperature() {}
    }

    /** Nanoseconds spent below the clocks that a policy stood in the way of, whatever older headers say. */
    public static final class ViolationTime {
        public static final Struct LAYOUT = new Struct("nvmlViolationTime_t");
        public static final Member REFERENCE_TIME = LAYOUT.u64("referenceTime");
        public static final Member VIOLATION_TIME = LAYOUT.u64("violationTime");

        private ViolationTime() {}
    }

    /** What a MIG device has; engines, slices and memory of its GPU instance are shared by all compute instances in it. */
    public static final class DeviceAttributes {
        public static final Struct LAYOUT = new Struct("nvmlDeviceAttributes_t");
        public static final Member MULTIPROCESSOR_COUNT = LAYOUT.u32("multiprocessorCount");
        public static final Member SHARED_COPY_ENGINE_COUNT = LAYOUT.u32("sharedCopyEngineCount");
        public static final Member SHARED_DECODER_COUNT = LAYOUT.u32("sharedDecoderCount");
        public static final Member SHARED_ENCODER_COUNT = LAYOUT.u32("sharedEncoderCount");
        public static final Member SHARED_JPEG_COUNT = LAYOUT.u32("sharedJpegCount");
        public static final Member SHARED_OFA_COUNT = LAYOUT.u32("sharedOfaCount");
        public static final Member GPU_INSTANCE_SLICE_COUNT = LAYOUT.u32("gpuInstanceSliceCount");
        public static final Member COMPUTE_INSTANCE_SLICE_COUNT = LAYOUT.u32("computeInstanceSliceCount");
        public static final Member MEMORY_SIZE_MB = LAYOUT.u64("memorySizeMB");

        private DeviceAttributes() {}
    }

    /** Whether a GPU has GPM; its version word is the plain number 1. */
    public static final class GpmSupport {
        public static final Struct LAYOUT = new Struct("nvmlGpmSupport_t");
        public static final Member VERSION = LAYOUT.u32("version");
        public static final Member IS_SUPPORTED_DEVICE = LAYOUT.u32("isSupportedDevice");

        private GpmSupport() {}
    }

    /** One metric between two samples, in percent or MiB/s; what it is called, behind it, are three pointers to text. */
    public static final class GpmMetric {
        public static final Struct LAYOUT = new Struct("nvmlGpmMetric_t");
        public static final Member METRIC_ID = LAYOUT.u32("metricId");
        public static final Member NVML_RETURN = LAYOUT.u32("nvmlReturn");
        public static final Member VALUE = LAYOUT.f64("value");
        public static final Member METRIC_INFO = LAYOUT.words("metricInfo", 3);

        private GpmMetric() {}
    }

    /**
     * Which metrics are asked for, and their answers. Newer headers have room for more metrics; a driver reads and
     * writes the first {@code numMetrics} alone.
     */
    public static final class GpmMetricsGet {
        public static final Struct LAYOUT = new Struct("nvmlGpmMetricsGet_t");
        public static final Member VERSION = LAYOUT.u32("version");
        public static final Member NUM_METRICS = LAYOUT.u32("numMetrics");
        public static final Member SAMPLE1 = LAYOUT.pointer("sample1");
        public static final Member SAMPLE2 = LAYOUT.pointer("sample2");
        public static final Member METRICS =
                LAYOUT.words("metrics", NvmlConstants.NVML_GPM_METRIC_MAX * GpmMetric.LAYOUT.size() / 8);

        private GpmMetricsGet() {}
    }

    /** One answer of {@code nvmlDeviceGetFieldValues}: {@code value} is a union told apart by {@code valueType}. */
    public static final class FieldValue {
        public static final Struct LAYOUT = new Struct("nvmlFieldValue_t");
        public static final Member FIELD_ID = LAYOUT.u32("fieldId");
        public static final Member SCOPE_ID = LAYOUT.u32("scopeId");
        public static final Member TIMESTAMP = LAYOUT.u64("timestamp");
        public static final Member LATENCY_USEC = LAYOUT.u64("latencyUsec");
        public static final Member VALUE_TYPE = LAYOUT.u32("valueType");
        public static final Member NVML_RETURN = LAYOUT.u32("nvmlReturn");
        public static final Member VALUE = LAYOUT.u64("value");

        private FieldValue() {}
    }

    /** How the GPU stands with the fabric manager. */
    public static final class FabricInfoV1 {
        public static final Struct LAYOUT = new Struct("nvmlGpuFabricInfo_t");
        public static final Member CLUSTER_UUID = LAYOUT.chars("clusterUuid", NVML_GPU_FABRIC_UUID_LEN);
        public static final Member STATUS = LAYOUT.u32("status");
        public static final Member CLIQUE_ID = LAYOUT.u32("cliqueId");
        public static final Member STATE = LAYOUT.u8("state");

        private FabricInfoV1() {}
    }

    /** The same, and what is wrong with it: {@code NVML_GPU_FABRIC_HEALTH_MASK_…}. */
    public static final class FabricInfoV2 {
        public static final Struct LAYOUT = new Struct("nvmlGpuFabricInfo_v2_t");
        public static final Member VERSION = LAYOUT.u32("version");
        public static final Member CLUSTER_UUID = LAYOUT.chars("clusterUuid", NVML_GPU_FABRIC_UUID_LEN);
        public static final Member STATUS = LAYOUT.u32("status");
        public static final Member CLIQUE_ID = LAYOUT.u32("cliqueId");
        public static final Member STATE = LAYOUT.u8("state");
        public static final Member HEALTH_MASK = LAYOUT.u32("healthMask");

        private FabricInfoV2() {}
    }

    /** The same, and the health as one of {@code NVML_GPU_FABRIC_HEALTH_SUMMARY_…}. */
    public static final class FabricInfoV3 {
        public static final Struct LAYOUT = new Struct("nvmlGpuFabricInfo_v3_t");
        public static final Member VERSION = LAYOUT.u32("version");
        public static final Member CLUSTER_UUID = LAYOUT.chars("clusterUuid", NVML_GPU_FABRIC_UUID_LEN);
        public static final Member STATUS = LAYOUT.u32("status");
        public static final Member CLIQUE_ID = LAYOUT.u32("cliqueId");
        public static final Member STATE = LAYOUT.u8("state");
        public static final Member HEALTH_MASK = LAYOUT.u32("healthMask");
        public static final Member HEALTH_SUMMARY = LAYOUT.u8("healthSummary");

        private FabricInfoV3() {}
    }
}
