package dev.gpuexporter.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlReturn;
import dev.gpuexporter.nvml.NvmlStructs.EventData;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SimulatedEventsTest {
    private static final long XID = 0x8;
    private static final long SINGLE_BIT = 0x1;
    private static final long MIG = 0x100;

    private static Pointer set(Caller caller, int gpu, long types) {
        assertThat(caller.code(caller.nvml::nvmlEventSetCreate)).isEqualTo(NvmlReturn.SUCCESS);
        Pointer set = caller.out.getPointer(0);
        assertThat(NvmlReturn.of(caller.nvml.nvmlDeviceRegisterEvents(caller.gpu(gpu), types, set)))
                .isEqualTo(NvmlReturn.SUCCESS);
        return set;
    }

    private static NvmlReturn await(Caller caller, Pointer set, int millis) {
        return caller.code(out -> caller.nvml.nvmlEventSetWait_v2(set, out, millis));
    }

    @Test
    void tellsOfAnXidOnceAndThenWaits() {
        Caller caller = Caller.ofFile("xid");
        Pointer set = set(caller, 0, XID);
        assertThat(await(caller, set, 0)).isEqualTo(NvmlReturn.TIMEOUT);
        caller.pass(Duration.ofSeconds(41));
        assertThat(await(caller, set, 0)).isEqualTo(NvmlReturn.SUCCESS);
        assertThat(EventData.DEVICE.u64(caller.out)).isEqualTo(0x1000);
        assertThat(EventData.EVENT_TYPE.u64(caller.out)).isEqualTo(XID);
        assertThat(EventData.EVENT_DATA.u64(caller.out)).isEqualTo(13);
        assertThat(EventData.GPU_INSTANCE_ID.s32(caller.out)).isEqualTo(-1);
        assertThat(EventData.COMPUTE_INSTANCE_ID.s32(caller.out)).isEqualTo(-1);
        long start = System.nanoTime();
        assertThat(await(caller, set, 60)).isEqualTo(NvmlReturn.TIMEOUT);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(60_000_000);
    }

    @Test
    void recordsNothingFromBefore() {
        Caller caller = Caller.ofFile("xid");
        caller.pass(Duration.ofSeconds(41));
        assertThat(await(caller, set(caller, 0, XID), 0)).isEqualTo(NvmlReturn.TIMEOUT);
    }

    @Test
    void tellsOnlyOfWhatWasAskedFor() {
        Caller caller = Caller.ofFile("xid");
        Pointer set = set(caller, 0, SINGLE_BIT);
        caller.pass(Duration.ofSeconds(55));
        assertThat(await(caller, set, 0)).isEqualTo(NvmlReturn.TIMEOUT);
    }

    @Test
    void tellsWhyAGpuWasLostBeforeItSaysThatItIs() {
        Caller caller = Caller.ofFile("xid");
        Pointer set = set(caller, 2, XID);
        caller.pass(Duration.ofSeconds(56));
        assertThat(await(caller, set, 0)).isEqualTo(NvmlReturn.SUCCESS);
        assertThat(EventData.EVENT_DATA.u64(caller.out)).isEqualTo(79);
        assertThat(await(caller, set, 5000)).as("at once").isEqualTo(NvmlReturn.GPU_IS_LOST);
    }

    @Test
    void tellsOfEveryMemoryErrorThatIsCounted() {
        Caller caller = Caller.of("h200");
        Pointer set = set(caller, 0, SINGLE_BIT);
        caller.pass(Duration.ofDays(1));
        int events = 0;
        while (await(caller, set, 0) == NvmlReturn.SUCCESS) {
            assertThat(EventData.EVENT_TYPE.u64(caller.out)).isEqualTo(SINGLE_BIT);
            events++;
        }
        assertThat(events).isPositive().isEqualTo((int) caller.fieldValue(0, 3));
    }

    @Test
    void tellsOfEachNewCutInMigMode() {
        Caller caller = Caller.ofFile("mig-reconfigured");
        Pointer set = set(caller, 0, MIG);
        caller.pass(Duration.ofSeconds(61));
        assertThat(await(caller, set, 0)).isEqualTo(NvmlReturn.SUCCESS);
        assertThat(EventData.EVENT_TYPE.u64(caller.out)).isEqualTo(MIG);
        assertThat(await(caller, set, 0)).isEqualTo(NvmlReturn.TIMEOUT);
        caller.pass(Duration.ofSeconds(60));
        assertThat(await(caller, set, 0)).isEqualTo(NvmlReturn.SUCCESS);
        assertThat(await(caller, set, 0)).isEqualTo(NvmlReturn.SUCCESS);
        assertThat(await(caller, set, 0)).isEqualTo(NvmlReturn.TIMEOUT);
    }

    @Test
    void supportsWhatTheCardAndTheDriverKnow() {
        Caller t4 = Caller.of("t4");
        assertThat(t4.u64(0, t4.nvml::nvmlDeviceGetSupportedEventTypes)).isEqualTo(0xC01F);
        Caller h100 = Caller.of("h100");
        assertThat(h100.u64(0, h100.nvml::nvmlDeviceGetSupportedEventTypes)).isEqualTo(0xC11F);
        Caller rtx4090 = Caller.of("rtx4090");
        assertThat(rtx4090.u64(0, rtx4090.nvml::nvmlDeviceGetSupportedEventTypes))
                .isEqualTo(0xC01C);
        Pointer set = set(t4, 0, XID);
        assertThat(NvmlReturn.of(t4.nvml.nvmlDeviceRegisterEvents(t4.gpu(0), MIG, set)))
                .isEqualTo(NvmlReturn.NOT_SUPPORTED);
    }

    @Test
    void knowsNoSetThatWasFreed() {
        Caller caller = Caller.of("t4");
        Pointer set = set(caller, 0, XID);
        assertThat(caller.nvml.nvmlEventSetFree(set)).isZero();
        assertThat(await(caller, set, 0)).isEqualTo(NvmlReturn.INVALID_ARGUMENT);
        assertThat(NvmlReturn.of(caller.nvml.nvmlEventSetFree(set))).isEqualTo(NvmlReturn.INVALID_ARGUMENT);
    }

    @Test
    void endsAWaitWhenTheDriverGoes() throws InterruptedException {
        Caller caller = Caller.ofFile("driver-gone");
        Pointer set = set(caller, 0, XID);
        NvmlReturn[] answer = new NvmlReturn[1];
        Thread waiting = new Thread(() -> answer[0] = await(caller, set, 30_000));
        waiting.start();
        Thread.sleep(50);
        caller.pass(Duration.ofSeconds(121));
        waiting.join(10_000);
        assertThat(answer[0]).isEqualTo(NvmlReturn.DRIVER_NOT_LOADED);
    }
}
