package konsil.media.dicom;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import konsil.media.BadMediaException;

/** The directory of a DICOM medium (PS3.10 chapter 8, PS3.3 annex F). */
public final class Dicomdir {
    private Dicomdir() {}

    /**
     * A file that the directory names.
     *
     * @param path in the folder of the directory
     * @param type of its record, such as IMAGE
     */
    public record Entry(
            Path path,
            String type,
            Optional<String> sopInstance,
            Optional<String> studyInstance,
            Optional<String> seriesInstance) {}

    /** Whether a file is a directory. */
    public static boolean isDirectory(DicomFile file) {
        return file.dataSet().has(Tag.DIRECTORY_RECORD_SEQUENCE);
    }

    /**
     * All files that are named, in the order of the tree, or of the file where its offsets are wrong; whether they exist is not looked at. Records that name
     * nothing, or a place outside the folder, are passed over.
     *
     * @param folder of the directory
     * @throws BadMediaException when this is no directory
     */
    public static List<Entry> entries(DicomFile file, Path folder) {
        if (!isDirectory(file)) {
            throw file.context().bad(Tag.show(Tag.DIRECTORY_RECORD_SEQUENCE) + " is missing: this is no DICOMDIR");
        }
        List<DataSet> records = file.dataSet().items(Tag.DIRECTORY_RECORD_SEQUENCE);
        List<Node> tree = tree(records);
        var entries = new ArrayList<Entry>();
        for (Node node : tree.size() == records.size() ? tree : inOrder(records)) {
            DataSet record = node.record();
            Optional<Path> path = path(record, folder);
            if (path.isPresent()) {
                entries.add(new Entry(
                        path.get(),
                        record.text(Tag.DIRECTORY_RECORD_TYPE).orElse(""),
                        record.text(Tag.REFERENCED_SOP_INSTANCE_UID_IN_FILE),
                        node.study(),
                        node.series()));
            } else if (record.has(Tag.REFERENCED_FILE_ID)) {
                file.context().warnings().add(Tag.show(Tag.REFERENCED_FILE_ID) + " names no file of this folder");
            }
        }
        return entries;
    }

    /** A record and what it belongs to. */
    private record Node(DataSet record, Optional<String> study, Optional<String> series) {
        static Node below(DataSet record, Optional<String> study, Optional<String> series) {
            return new Node(
                    record,
                    record.text(Tag.STUDY_INSTANCE_UID).or(() -> study),
                    record.text(Tag.SERIES_INSTANCE_UID).or(() -> series));
        }
    }

    /** The records in their order in the file, which follows the tree in most directories. */
    private static List<Node> inOrder(List<DataSet> records) {
        var nodes = new ArrayList<Node>();
        Optional<String> study = Optional.empty();
        Optional<String> series = Optional.empty();
        for (DataSet record : records) {
            Node node = Node.below(record, study, series);
            nodes.add(node);
            study = node.study();
            series = node.series();
        }
        return nodes;
    }

    /** A record that is still to be looked at, by its place in the file. */
    private record Pending(long place, Optional<String> study, Optional<String> series) {}

    /**
     * The records by their offsets, from those on that no other refers to: what the directory says of its root is wrong in
     * some. Fewer than there are, or none, when offsets are missing or go in circles.
     */
    private static List<Node> tree(List<DataSet> records) {
        var byPlace = new LinkedHashMap<Long, DataSet>();
        var referred = new HashSet<Long>();
        for (DataSet record : records) {
            byPlace.put(record.place(), record);
            referred.add(offset(record, Tag.OFFSET_OF_THE_NEXT_DIRECTORY_RECORD));
            referred.add(offset(record, Tag.OFFSET_OF_REFERENCED_LOWER_LEVEL_DIRECTORY_ENTITY));
        }
        var nodes = new ArrayList<Node>();
        if (records.size() > 1 && referred.size() < 2) {
            return nodes;
        }
        var pending = new ArrayDeque<Pending>();
        for (long place : byPlace.keySet()) {
            if (!referred.contains(place)) {
                pending.add(new Pending(place, Optional.empty(), Optional.empty()));
            }
        }
        while (!pending.isEmpty()) {
            Pending next = pending.pop();
            DataSet record = byPlace.remove(next.place());
            if (record != null) {
                Node node = Node.below(record, next.study(), next.series());
                nodes.add(node);
                long sibling = offset(record, Tag.OFFSET_OF_THE_NEXT_DIRECTORY_RECORD);
                long child = offset(record, Tag.OFFSET_OF_REFERENCED_LOWER_LEVEL_DIRECTORY_ENTITY);
                pending.push(new Pending(sibling, next.study(), next.series()));
                pending.push(new Pending(child, node.study(), node.series()));
            }
        }
        return nodes;
    }

    private static long offset(DataSet set, int tag) {
        return (long) set.number(tag).orElse(0);
    }

    private static Optional<Path> path(DataSet record, Path folder) {
        List<String> parts = record.texts(Tag.REFERENCED_FILE_ID);
        Path path = folder;
        for (String part : parts) {
            boolean plain = !part.isEmpty()
                    && !part.equals("..")
                    && !part.equals(".")
                    && part.chars().noneMatch(c -> c == '/' || c == ':' || Character.isISOControl(c));
            if (!plain) {
                return Optional.empty();
            }
            path = path.resolve(part);
        }
        return parts.isEmpty() ? Optional.empty() : Optional.of(path);
    }
}
