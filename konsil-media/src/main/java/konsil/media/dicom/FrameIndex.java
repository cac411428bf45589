package konsil.media.dicom;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiPredicate;
import konsil.media.dicom.Source.Span;

/**
 * Which fragments make which frame (PS3.5 annex A.4). Offset tables are used where they fit the fragments; else one
 * fragment a frame, or a frame begins where an image begins.
 */
record FrameIndex(List<List<Span>> frames) {
    private static final int MAX_TABLE = 1 << 28;

    /** @param span from the item of the basic offset table on */
    static FrameIndex read(Span span, DataSet image, int frames, BiPredicate<Integer, Integer> startsImage) {
        return new Reader(span, image, frames).read(startsImage);
    }

    private static final class Reader {
        private final Span span;
        private final DataSet image;
        private final int frames;
        private final Window in;
        private final List<Span> fragments = new ArrayList<>();
        private long[] table = new long[0];

        Reader(Span span, DataSet image, int frames) {
            this.span = span;
            this.image = image;
            this.frames = frames;
            this.in = new Window(span.source(), 1 << 9);
        }

        FrameIndex read(BiPredicate<Integer, Integer> startsImage) {
            readItems();
            if (fragments.isEmpty()) {
                throw image.context().bad(Tag.show(Tag.PIXEL_DATA) + " is encapsulated and has no fragment");
            }
            int[] starts = starts(startsImage);
            if (starts.length != frames) {
                warn("there are fragments for %d frames, %d are declared".formatted(starts.length, frames));
            }
            var grouped = new ArrayList<List<Span>>();
            for (int i = 0; i < Math.min(starts.length, frames); i++) {
                int end = i + 1 < starts.length ? starts[i + 1] : fragments.size();
                grouped.add(List.copyOf(fragments.subList(starts[i], end)));
            }
            return new FrameIndex(grouped);
        }

        private void warn(String what) {
            image.context().warnings().add(Tag.show(Tag.PIXEL_DATA) + ": " + what);
        }

        private void readItems() {
            long end = span.offset() + span.length();
            long at = span.offset();
            boolean first = true;
            while (at + 8 <= end) {
                int tag = in.tag(at, span.bigEndian());
                long length = in.u32(at + 4, span.bigEndian());
                if (tag != Tag.ITEM) {
                    if (tag != Tag.SEQUENCE_END) {
                        warn("the fragments do not end as they should");
                    }
                    return;
                }
                long there = Math.min(length, end - at - 8);
                if (there < length) {
                    warn("the last fragment is cut off");
                }
                var item = new Span(span.source(), at + 8, there, span.bigEndian());
                if (first) {
                    readTable(item);
                } else {
                    fragments.add(item);
                }
                first = false;
                at += 8 + there;
            }
            warn("the fragments do not end as they should");
        }

        private void readTable(Span item) {
            if (item.length() > MAX_TABLE) {
                warn("the offset table is too long and is passed over");
                return;
            }
            table = new long[(int) (item.length() / 4)];
            for (int i = 0; i < table.length; i++) {
                table[i] = in.u32(item.offset() + 4L * i, item.bigEndian());
            }
        }

        /** The first fragment of each frame. */
        private int[] starts(BiPredicate<Integer, Integer> startsImage) {
            if (frames == 1) {
                return new int[] {0};
            }
            long[] extended = extendedTable();
            int[] found = fromTable(extended);
            if (found.length != frames) {
                found = fromTable(table);
            }
            if (found.length == frames) {
                return found;
            }
            if (table.length > 0 || extended.length > 0) {
                warn("the offset table does not fit the fragments and is passed over");
            }
            int[] images = fromImages(startsImage);
            return fragments.size() == frames || images.length == 0 ? allFragments() : images;
        }

        private int[] allFragments() {
            int[] all = new int[fragments.size()];
            Arrays.setAll(all, i -> i);
            return all;
        }

        private long[] extendedTable() {
            byte[] bytes = image.bytes(Tag.EXTENDED_OFFSET_TABLE);
            long[] offsets = new long[bytes.length / 8];
            var words = java.nio.ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN);
            Arrays.setAll(offsets, i -> words.getLong(8 * i));
            return offsets;
        }

        /** The fragments at the offsets of a table; none when an offset is at no fragment. */
        private int[] fromTable(long[] offsets) {
            int[] starts = new int[offsets.length];
            int fragment = 0;
            long base = fragments.getFirst().offset() - 8;
            for (int i = 0; i < offsets.length; i++) {
                while (fragment < fragments.size() && fragments.get(fragment).offset() - 8 - base < offsets[i]) {
                    fragment++;
                }
                if (fragment == fragments.size() || fragments.get(fragment).offset() - 8 - base != offsets[i]) {
                    return new int[0];
                }
                if (i > 0 && starts[i - 1] == fragment) {
                    return new int[0];
                }
                starts[i] = fragment;
            }
            return starts;
        }

        private int[] fromImages(BiPredicate<Integer, Integer> startsImage) {
            var starts = new ArrayList<Integer>();
            for (int i = 0; i < fragments.size(); i++) {
                Span fragment = fragments.get(i);
                boolean starting = fragment.length() >= 4
                        && startsImage.test(in.u16(fragment.offset(), true), in.u16(fragment.offset() + 2, true));
                if (starting) {
                    starts.add(i);
                }
            }
            return starts.stream().mapToInt(Integer::intValue).toArray();
        }
    }
}
