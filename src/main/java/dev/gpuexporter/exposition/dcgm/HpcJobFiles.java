package dev.gpuexporter.exposition.dcgm;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory in which a batch system says whose jobs have which GPU: a file for each, with a job in each line. One that
 * cannot be read is said once, and leaves the others as they are.
 */
public final class HpcJobFiles {
    private static final Logger LOG = LoggerFactory.getLogger(HpcJobFiles.class);

    /** What has another name is somebody else's, or being written. */
    private static final Pattern DEVICE = Pattern.compile("\\d{1,4}(\\.\\d{1,4})?");

    /** Enough for more jobs than a GPU can have. */
    private static final long LONGEST = 64 << 10;

    private final Optional<Path> directory;
    private volatile HpcJobs current = HpcJobs.NONE;
    private Set<String> faults = Set.of();

    /** @param directory it may be made later; empty where there is none */
    public HpcJobFiles(Optional<Path> directory) {
        this.directory = directory;
        look();
    }

    HpcJobs current() {
        return current;
    }

    /** Whether there is a directory that may change. */
    public boolean mayChange() {
        return directory.isPresent();
    }

    /** Reads the files; may wait for the disk. Returns whether they say anything new. */
    public synchronized boolean look() {
        HpcJobs before = current;
        directory.ifPresent(where -> current = read(where));
        return !current.byDevice().equals(before.byDevice());
    }

    private HpcJobs read(Path where) {
        Map<String, List<String>> jobs = new TreeMap<>();
        Set<String> wrong = new HashSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(where)) {
            for (Path file : files) {
                String device = file.getFileName().toString();
                if (DEVICE.matcher(device).matches() && !Files.isDirectory(file)) {
                    read(file, wrong).ifPresent(its -> jobs.put(device, its));
                }
            }
        } catch (IOException e) {
            wrong.add(where + ": cannot be read, no job is shown: " + e);
        }
        wrong.stream().filter(fault -> !faults.contains(fault)).sorted().forEach(LOG::warn);
        faults = wrong;
        return new HpcJobs(jobs);
    }

    /** Empty where there is none, or nobody can tell. */
    private static Optional<List<String>> read(Path file, Set<String> wrong) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > LONGEST) {
                wrong.add(file + ": is no file of at most 64 KiB; its GPU has no job");
                return Optional.empty();
            }
            List<String> jobs = Files.readString(file)
                    .lines()
                    .map(String::strip)
                    .filter(job -> !job.isEmpty())
                    .distinct()
                    .toList();
            return Optional.of(jobs).filter(its -> !its.isEmpty());
        } catch (NoSuchFileException e) { // its job has just ended
            return Optional.empty();
        } catch (IOException e) {
            wrong.add(file + ": cannot be read, its GPU has no job: " + e);
            return Optional.empty();
        }
    }
}
