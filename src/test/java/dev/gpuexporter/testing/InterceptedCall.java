package dev.gpuexporter.testing;

import dev.gpuexporter.nvml.NvmlLibrary;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** A call of NVML that a test comes between. */
public final class InterceptedCall {
    private static final Object[] NONE = {};

    private final Method method;
    private final Object[] arguments;

    private InterceptedCall(Method method, Object[] arguments) {
        this.method = method;
        this.arguments = arguments == null ? NONE : arguments;
    }

    /** What a test does instead of a call. */
    @FunctionalInterface
    public interface Interceptor {
        /** The function's return code; whatever it throws comes out of the call. */
        Object answer(InterceptedCall call) throws Throwable;
    }

    /** A library each of whose calls goes to the interceptor. */
    public static NvmlLibrary intercepted(Interceptor interceptor) {
        return (NvmlLibrary) Proxy.newProxyInstance(
                NvmlLibrary.class.getClassLoader(),
                new Class<?>[] {NvmlLibrary.class},
                (proxy, method, arguments) -> interceptor.answer(new InterceptedCall(method, arguments)));
    }

    public boolean isOf(String function) {
        return method.getName().equals(function);
    }

    public String function() {
        return method.getName();
    }

    public Object[] arguments() {
        return arguments;
    }

    /** Makes the call. */
    public Object on(NvmlLibrary library) throws Throwable {
        try {
            return method.invoke(library, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
