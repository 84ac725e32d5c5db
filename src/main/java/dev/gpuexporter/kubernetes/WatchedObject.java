package dev.gpuexporter.kubernetes;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;

/** What all objects of the API have in common. Its version and kind, the informer knows from the class. */
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
        this.metadata = metadata;
    }

    @Override
    @JsonIgnore
    public void setApiVersion(String version) {}
}
