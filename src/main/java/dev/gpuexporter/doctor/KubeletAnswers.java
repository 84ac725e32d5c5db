package dev.gpuexporter.doctor;

import dev.gpuexporter.kubernetes.KubeletException;
import dev.gpuexporter.kubernetes.PodResourcesAnswer;
import dev.gpuexporter.kubernetes.PodResourcesSource;
import java.util.Optional;

/** Listens to what the kubelet is asked, and keeps why it did not answer. */
public final class KubeletAnswers {
    private volatile Optional<KubeletException> failure = Optional.empty();

    /** The same source, with us listening. */
    public PodResourcesSource through(PodResourcesSource source) {
        return new PodResourcesSource() {
            @Override
            public PodResourcesAnswer read() throws KubeletException {
                try {
                    PodResourcesAnswer answer = source.read();
                    failure = Optional.empty();
                    return answer;
                } catch (KubeletException e) {
                    failure = Optional.of(e);
                    throw e;
                } catch (RuntimeException | Error unexpected) { // it has not answered, whoever's fault that is
                    failure = Optional.of(KubeletException.unusable(unexpected));
                    throw unexpected;
                }
            }

            @Override
            public void close() {
                source.close();
            }
        };
    }

    /** Why it did not answer when last asked; empty where it did. */
    Optional<KubeletException> failure() {
        return failure;
    }
}
