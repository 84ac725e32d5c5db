package dev.gpuexporter;

import io.vertx.core.Vertx;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work that is done again and again, off the event loop. What fails is said once, for as long as it goes on failing. */
final class Chore {
    private static final Logger log = LoggerFactory.getLogger(Chore.class);

    private final Vertx vertx;
    private final String what;
    private final Runnable work;
    private final AtomicBoolean failing = new AtomicBoolean();

    /** @param what is done, as in "what is done fails" */
    Chore(Vertx vertx, String what, Runnable work) {
        this.vertx = vertx;
        this.what = what;
        this.work = work;
    }

    /** Has it done soon, after what was asked for before. */
    void todo() {
        try {
            vertx.executeBlocking(this::work).onSuccess(done -> works()).onFailure(this::fails);
        } catch (RejectedExecutionException closed) {
            // nobody wants it done any more
        }
    }

    private Void work() {
        work.run();
        return null;
    }

    private void works() {
        if (failing.getAndSet(false)) {
            log.info("{} works again", what);
        }
    }

    private void fails(Throwable failure) {
        if (!failing.getAndSet(true)) {
            log.error("{} fails; trying again", what, failure);
        }
    }
}
