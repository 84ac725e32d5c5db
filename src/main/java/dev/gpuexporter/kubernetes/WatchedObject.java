package dev.gpuexporter.kubernetes;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.Optional;

/**
 * What all objects of the API have in common. Its version and kind, the informer knows from the class. Whatever an object
 * may lack by its schema or not, it is read: one that could not be would keep the informer from all the others.
 */
abstract class WatchedObject implements HasMetadata {
    private ObjectMeta metadata = new ObjectMeta();

    /** What is passed over in the metadata of every object: the largest parts of it, and not in use. */
    @JsonIgnoreProperties({"managedFields", "annotations"})
    interface MetadataInUse {}

    @Override
    public ObjectMeta getMetadata() {
        return metadata;
    }

    @Override
    public void setMetadata(ObjectMeta metadata) {
        this.metadata = metadata == null ? new ObjectMeta() : metadata;
    }

    String name() {
        return Optional.ofNullable(metadata.getName()).orElse("");
    }

    String namespace() {
        return Optional.ofNullable(metadata.getNamespace()).orElse("");
    }

    @Override
    @JsonIgnore
    public void setApiVersion(String version) {}
}
