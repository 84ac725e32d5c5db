package dev.gpuexporter.doctor;

import dev.gpuexporter.kubernetes.KubeletException;
import dev.gpuexporter.kubernetes.PodResourcesAnswer;
import dev.gpuexporter.kubernetes.PodResourcesSource;
import java.util.Optional;

/** Asks the kubelet as the exporter does, and keeps why it did not answer. */
public final class KubeletAnswers implements PodResourcesSource {
    private final PodResourcesSource source;
    private volatile Optional<KubeletException> failure = Optional.empty();

    public KubeletAnswers(PodResourcesSource source) {
        this.source = source;
    }

    @Override
    public PodResourcesAnswer read() throws KubeletException {
        try {
            PodResourcesAnswer answer = source.read();
            failure = Optional.empty();
            return answer;
        } catch (KubeletException e) {
            failure = Optional.of(e);
            throw e;
        }
    }

    /** Why it did not answer when last asked; empty where it did. */
    Optional<KubeletException> failure() {
        return failure;
    }

    @Override
    public void close() {
        source.close();
    }
}
