package dev.gpuexporter.exposition.dcgm;

import dev.gpuexporter.config.BadInputException;
import dev.gpuexporter.config.Settings;
import dev.gpuexporter.exposition.dcgm.CountersFile.Chosen;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which fields are shown: what a file chooses, followed as it changes. A mounted ConfigMap changes by a symbolic link to
 * another directory, so the file behind the path is looked at, not the path. While the file cannot be used, the choice
 * from before stands, and the log has said so.
 */
public final class ChosenFields {
    private static final Logger LOG = LoggerFactory.getLogger(ChosenFields.class);

    /** Where DCGM's exporter has it, and the image too. */
    private static final Path USUAL = Path.of("/etc/dcgm-exporter/default-counters.csv");

    /** All the rows there can be, many times over. */
    private static final long LONGEST = 1 << 20;

    private final List<DcgmField> table;
    private final Optional<Path> file;
    private volatile DcgmSelection current;
    private Object seen = "";
    private String fault = "";

    /** @throws BadInputException where the file cannot be used */
    public ChosenFields(Settings.Dcgm settings) {
        this(settings, USUAL);
    }

    /** @param usual the file where none is named, if it is there */
    ChosenFields(Settings.Dcgm settings, Path usual) {
        this.table = DcgmFields.all(settings);
        this.file = settings.collectors().or(() -> Optional.of(usual).filter(Files::exists));
        this.current = DcgmSelection.defaults(table);
        this.file.ifPresent(chooses -> {
            seen = identity(chooses);
            current = read(chooses);
        });
    }

    public DcgmSelection current() {
        return current;
    }

    /** Whether there is a file that may change. */
    public boolean mayChange() {
        return file.isPresent();
    }

    /** Reads the file where it is another than before; may wait for the disk. Returns whether the choice is a new one. */
    public synchronized boolean look() {
        if (file.isEmpty()) {
            return false;
        }
        Object now = identity(file.get());
        if (now.equals(seen)) {
            return false;
        }
        seen = now;
        try {
            current = read(file.get());
            fault = "";
            LOG.info("{} has changed: {} fields", file.get(), current.columns().size());
            return true;
        } catch (BadInputException e) {
            if (!e.getMessage().equals(fault)) {
                LOG.warn("{}; the fields from before stand", e.getMessage());
            }
            fault = e.getMessage();
            return false;
        }
    }

    private DcgmSelection read(Path path) {
        try {
            if (Files.size(path) > LONGEST) {
                throw new BadInputException(path + ": is longer than 1 MiB; write the path of DCGM's list of counters");
            }
            Chosen chosen = CountersFile.read(path.toString(), Files.readString(path), table);
            chosen.remarks().forEach(LOG::warn);
            return chosen.selection();
        } catch (NoSuchFileException e) {
            throw new BadInputException(path + ": no such file; write the path of DCGM's list of counters");
        } catch (CharacterCodingException e) {
            throw new BadInputException(path + ": is not UTF-8; write the path of DCGM's list of counters");
        } catch (IOException e) {
            String why = Files.isDirectory(path) ? "is a directory" : "cannot be read: " + e;
            throw new BadInputException(path + ": " + why + "; write the path of DCGM's list of counters");
        }
    }

    /** What tells a file from the one that was there before. */
    private static Object identity(Path path) {
        try {
            Path real = path.toRealPath();
            BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
            return List.of(
                    real, attributes.lastModifiedTime(), attributes.size(), String.valueOf(attributes.fileKey()));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
